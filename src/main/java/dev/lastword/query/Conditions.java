package dev.lastword.query;

import dev.lastword.http.TimeRange;
import dev.lastword.row.Timestamps;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rows have to be, in SQL. The {@code keys} are met by an index that has the rows in the order
 * they are read in, at whatever size of the log; the {@code rest} takes a look at each row.
 */
final class Conditions {

  private final String index;
  private final StringBuilder keys;
  private final StringBuilder rest = new StringBuilder();
  private final List<Object> keyValues = new ArrayList<>();
  private final List<Object> restValues = new ArrayList<>();

  /**
   * Those of a tenant.
   *
   * @param index what has the rows in order
   */
  Conditions(String index, int tenantId) {
    this.index = index;
    this.keys = new StringBuilder("tenant_id = ?");
    keyValues.add(tenantId);
  }

  Conditions key(String condition, @Nullable Object value) {
    return add(keys, keyValues, condition, value);
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

  /** Whether an index alone finds the rows. */
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

  /** Text with what makes it a pattern for LIKE, taken literally. */
  static String literally(String text) {
    // Not the backslash: whether that escapes depends on the mode of the server.
    return text.replaceAll("[|%_]", "|$0");
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
