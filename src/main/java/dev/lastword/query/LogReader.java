package dev.lastword.query;

import dev.lastword.feed.RowKey;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log, newest first.
 *
 * <ol>
 *   <li>Where an index finds the rows, a page is one query behind the cursor.
 *   <li>Else the log is looked through slice by slice: the end of a slice is found on the index
 *       alone, the rows in it that match are read.
 *   <li>After {@value #MOST_EXAMINED} rows or a second that ends, even with less than a page, and
 *       the cursor tells where to go on. So no question takes long, however large the log and
 *       however rare what is looked for.
 * </ol>
 */
abstract class LogReader<T extends Logged> {

  static final int MOST_EXAMINED = 200_000;
  static final int SLICE = 5_000;
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  private final JdbcOperations jdbc;
  private final String table;
  private final String time;
  private final String columns;

  /**
   * A reader of one table.
   *
   * @param time the column that orders it, before the id
   * @param columns what {@link #read} needs
   */
  LogReader(JdbcOperations jdbc, String table, String time, String columns) {
    this.jdbc = jdbc;
    this.table = table;
    this.time = time;
    this.columns = columns;
  }

  /** The row that a result stands at. */
  abstract T read(ResultSet row) throws SQLException;

  /** The next {@code limit} rows behind {@code after}, or the newest of all. */
  Page<T> page(LogFilter<T> filter, @Nullable Cursor after, int limit) {
    return page(filter, after, 0, limit);
  }

  /** As {@link #page(LogFilter, Cursor, int)}, without the first {@code skip} of them. */
  @Connectable("reads")
  Page<T> page(LogFilter<T> filter, @Nullable Cursor after, int skip, int limit) {
    Conditions conditions = filter.conditions();
    int wanted = skip + limit;
    if (conditions.areKeys()) {
      List<T> found = rows(conditions, after, null, wanted + 1);
      return found.size() > wanted
          ? full(found, skip, wanted)
          : new Page<>(from(found, skip), null, false);
    }
    return lookThrough(filter, conditions, after, skip, wanted);
  }

  /**
   * A row and whose it is.
   *
   * @param key what names the row
   */
  record Owned<T>(RowKey key, int tenantId, T row) {}

  /**
   * Rows by their keys; those that are gone are left out.
   *
   * @param earliest what none of them is before
   * @param latest what none of them is after; the two spare a look at each partition
   */
  @Connectable("reads")
  Map<RowKey, Owned<T>> rows(List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    Map<Integer, List<RowKey>> byBucket =
        keys.stream()
            .collect(Collectors.groupingBy(RowKey::bucket, TreeMap::new, Collectors.toList()));
    List<Object> values = new ArrayList<>(List.of(earliest, latest));
    byBucket.values().forEach(bucket -> bucket.forEach(key -> values.add(key.id())));
    String any =
        byBucket.entrySet().stream()
            .map(
                bucket ->
                    "bucket = %d AND id IN (?%s)"
                        .formatted(bucket.getKey(), ", ?".repeat(bucket.getValue().size() - 1)))
            .collect(Collectors.joining(") OR ("));
    String sql =
        """
        SELECT bucket, tenant_id, %1$s
        FROM %2$s FORCE INDEX (PRIMARY)
        WHERE %3$s BETWEEN ? AND ? AND ((%4$s))
        """
            .formatted(columns, table, time, any);
    return query(
            sql,
            values,
            row ->
                new Owned<>(
                    new RowKey(row.getInt("bucket"), row.getLong("id")),
                    row.getInt("tenant_id"),
                    read(row)))
        .stream()
        .collect(Collectors.toMap(Owned::key, owned -> owned, (one, other) -> one));
  }

  private Page<T> lookThrough(
      LogFilter<T> filter, Conditions conditions, @Nullable Cursor after, int skip, int wanted) {
    long start = System.nanoTime();
    List<T> found = new ArrayList<>();
    Cursor place = after;
    int examined = 0;
    while (true) {
      Cursor end = sliceEnd(conditions, place);
      int missing = wanted + 1 - found.size();
      List<T> rows = rows(conditions, place, end, missing);
      rows.stream().filter(filter::accepts).forEach(found::add);
      if (found.size() > wanted) {
        return full(found, skip, wanted);
      }
      boolean whole = rows.size() < missing;
      if (whole && end == null) {
        return new Page<>(from(found, skip), null, false);
      }
      // Rows that met the conditions, but not the filter, may have filled the query.
      place = whole ? end : rows.get(rows.size() - 1).place();
      examined += whole ? SLICE : rows.size();
      if (examined >= MOST_EXAMINED || System.nanoTime() - start > LONGEST) {
        return new Page<>(from(found, skip), place, true);
      }
    }
  }

  private Page<T> full(List<T> found, int skip, int wanted) {
    List<T> items = found.subList(0, wanted);
    return new Page<>(from(items, skip), items.get(wanted - 1).place(), false);
  }

  private List<T> from(List<T> found, int skip) {
    return found.subList(Math.min(skip, found.size()), found.size());
  }

  /** The last row of the next slice, null where fewer are left. */
  private @Nullable Cursor sliceEnd(Conditions conditions, @Nullable Cursor after) {
    List<Object> values = new ArrayList<>();
    String sql =
        """
        SELECT %1$s, id FROM %2$s FORCE INDEX (%3$s)
        WHERE %4$s
        ORDER BY %1$s DESC, id DESC
        LIMIT 1 OFFSET %5$d
        """
            .formatted(
                time,
                table,
                conditions.index(),
                conditions.keys(values) + (after == null ? "" : after.behind(time, values)),
                SLICE - 1);
    List<Cursor> found =
        query(sql, values, row -> new Cursor(Moments.read(row, time), row.getLong("id")));
    return found.isEmpty() ? null : found.get(0);
  }

  private List<T> rows(
      Conditions conditions, @Nullable Cursor after, @Nullable Cursor end, int limit) {
    List<Object> values = new ArrayList<>();
    String where =
        conditions.keys(values)
            + (after == null ? "" : after.behind(time, values))
            + (end == null ? "" : end.downTo(time, values))
            + conditions.rest(values);
    String sql =
        """
        SELECT %1$s
        FROM %2$s %3$s
        WHERE %4$s
        ORDER BY %5$s DESC, id DESC
        LIMIT ?
        """
            .formatted(
                columns,
                table,
                conditions.areKeys() ? "" : "FORCE INDEX (" + conditions.index() + ")",
                where,
                time);
    values.add(limit);
    return query(sql, values, this::read);
  }

  private interface Reading<R> {
    R read(ResultSet row) throws SQLException;
  }

  private <R> List<R> query(String sql, List<Object> values, Reading<R> reading) {
    return jdbc.prepareStatement(
        sql,
        statement -> {
          for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
          }
          List<R> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(reading.read(rows));
            }
          }
          return found;
        });
  }
}
