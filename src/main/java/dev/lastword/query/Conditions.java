package dev.lastword.query;

import dev.lastword.http.TimeRange;
import dev.lastword.row.Timestamps;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the rows of a log, in SQL. The {@code keys} are answered by an index in reading
 * order, fast at any size of the log; for the {@code rest}, each row is examined.
 */
final class Conditions {

  private final String index;
  private final StringBuilder keys;
  private final StringBuilder rest = new StringBuilder();
  private final List<Object> keyValues = new ArrayList<>();
  private final List<Object> restValues = new ArrayList<>();

  /**
   * Creates the condition on the tenant.
   *
   * @param index the index that has the rows in reading order
   */
  Conditions(String index, int tenantId) {
    this.index = index;
    this.keys = new StringBuilder("tenant_id = ?");
    keyValues.add(tenantId);
  }

  Conditions key(String condition, @Nullable Object value) {
    return add(keys, keyValues, condition, value);
  }

  Conditions key(String condition, List<?> values) {
    return add(keys, keyValues, condition, values);
  }

  Conditions rest(String condition, @Nullable Object value) {
    return add(rest, restValues, condition, value);
  }

  Conditions rest(String condition, List<?> values) {
    return add(rest, restValues, condition, values);
  }

  Conditions within(TimeRange range, String time) {
    return key(time + " >= ?", database(range.from())).key(time + " < ?", database(range.to()));
  }

  private static @Nullable LocalDateTime database(@Nullable Instant time) {
    return time == null ? null : Timestamps.toDatabase(time);
  }

  String index() {
    return index;
  }

  /** Returns whether an index alone finds the rows. */
  boolean areKeys() {
    return rest.isEmpty();
  }

  String keys(List<Object> values) {
    values.addAll(keyValues);
    return keys.toString();
  }

  String rest(List<Object> values) {
    values.addAll(restValues);
    return rest.toString();
  }

  private Conditions add(
      StringBuilder sql, List<Object> values, String condition, @Nullable Object value) {
    return value == null ? this : add(sql, values, condition, List.of(value));
  }

  private Conditions add(StringBuilder sql, List<Object> values, String condition, List<?> given) {
    sql.append(" AND ").append(condition);
    values.addAll(given);
    return this;
  }
}
