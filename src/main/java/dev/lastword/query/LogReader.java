package dev.lastword.query;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Timestamps;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log in the order of time.
 *
 * <ol>
 *   <li>If an index finds the rows, a page is one query for their keys, starting at the cursor.
 *   <li>Otherwise the log is scanned in slices: the end of a slice is found on the index alone,
 *       then its rows are compared.
 *   <li>The scan ends after {@value #MOST_EXAMINED} rows or a second, even before the page is full,
 *       and the cursor continues from there. So no call takes long, however large the log and
 *       however rare the text.
 *   <li>The rows themselves are read by their keys, so that the database does not sort them with
 *       their payloads: {@value #FEWEST} at first, then twice as many each time up to {@value
 *       #MOST}; rows of more than {@value #LARGE} bytes one by one. Each row is passed on before
 *       the next ones are read, so few are in memory.
 * </ol>
 */
public abstract class LogReader<T extends LogRow> {

  static final int MOST_EXAMINED = 200_000;
  static final int SLICE = 5_000;
  static final int FEWEST = 64;
  static final int MOST = 256;
  static final int LARGE = 8_192;
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  /** Receives rows in order. */
  public interface Sink<R> {
    /**
     * Adds a row.
     *
     * @return false if there is no space for it; then no more rows follow
     */
    boolean add(R row);
  }

  /**
   * The end of a page.
   *
   * @param next cursor of the last row that was returned or examined, null if there are no more
   * @param halted whether a scan reached its limit before the page was full
   */
  record End(@Nullable Cursor next, boolean halted) {

    @Nullable String nextCursor(int tenantId) {
      return next == null ? null : next.encode(tenantId);
    }

    /** Returns the time at which a scan reached its limit, null if it did not. */
    @Nullable Instant lookedBackTo() {
      return halted && next != null ? next.time() : null;
    }
  }

  /**
   * A row and its tenant.
   *
   * @param key of the row
   */
  public record Owned<T>(RowKey key, int tenantId, T row) {}

  /**
   * A row that exists.
   *
   * @param row null if it is too large for the query
   */
  private record Found<T>(RowKey key, @Nullable Owned<T> row) {}

  private record Place(int bucket, Cursor cursor) {
    RowKey key() {
      return new RowKey(bucket, cursor.id());
    }
  }

  private final JdbcOperations jdbc;
  private final String table;
  private final String time;
  private final String whole;
  private final String shortened;

  /**
   * @param time the column that orders the log, before the id
   * @param columns the short columns that {@link #read} needs
   * @param texts the columns that may be large: expressions by name
   */
  LogReader(
      JdbcOperations jdbc, String table, String time, String columns, Map<String, String> texts) {
    this.jdbc = jdbc;
    this.table = table;
    this.time = time;
    StringBuilder all = new StringBuilder(columns);
    StringBuilder some = new StringBuilder(columns);
    String size =
        Stream.concat(
                Stream.of("0"), texts.keySet().stream().map("COALESCE(LENGTH(%s), 0)"::formatted))
            .collect(Collectors.joining(" + "));
    texts.forEach(
        (name, text) -> {
          all.append(", %s AS %s".formatted(text, name));
          some.append(", CASE WHEN %s <= %d THEN %s END AS %s".formatted(size, LARGE, text, name));
        });
    this.whole = all + ", FALSE AS is_large";
    this.shortened = some + ", %s > %d AS is_large".formatted(size, LARGE);
  }

  /** Reads the current row of a result. */
  abstract T read(ResultSet row) throws SQLException;

  /**
   * Reads the rows after a cursor, or the first ones.
   *
   * @param skip number of rows to skip
   * @param limit maximum number of rows; fewer if the sink has no space for more
   */
  @Connectable("reads")
  End page(
      LogFilter<T> filter,
      Order order,
      @Nullable Cursor after,
      int skip,
      int limit,
      Sink<? super T> sink) {
    Conditions conditions = filter.conditions();
    if (!conditions.areKeys()) {
      return search(conditions, order, after, new Page<>(filter, sink, skip, limit));
    }
    List<Place> found = places(conditions, order, after, null, skip + limit + 1);
    boolean more = found.size() > skip + limit;
    List<Place> wanted =
        found.subList(Math.min(skip, found.size()), Math.min(skip + limit, found.size()));
    var page = new Page<>(filter, sink, 0, limit);
    if (!fill(page, wanted)) {
      return new End(page.last, false);
    }
    return new End(more ? wanted.get(limit - 1).cursor : null, false);
  }

  /**
   * Reads rows by their keys, in this order, without those that no longer exist.
   *
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after; the two exclude partitions
   * @return false if the sink had no space for all of them
   */
  @Connectable("reads")
  public boolean rows(
      List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest, Sink<Owned<T>> sink) {
    int count = FEWEST;
    for (int start = 0; start < keys.size(); ) {
      List<RowKey> some = keys.subList(start, Math.min(start + count, keys.size()));
      start += some.size();
      count = Math.min(MOST, 2 * count);
      Map<RowKey, Found<T>> rows = new HashMap<>();
      byKey(shortened, some, earliest, latest).forEach(found -> rows.put(found.key, found));
      for (RowKey key : some) {
        Found<T> found = rows.remove(key);
        if (found != null && found.row == null) {
          found = byKey(whole, List.of(key), earliest, latest).stream().findFirst().orElse(null);
          count = FEWEST;
        }
        if (found != null && found.row != null && !sink.add(found.row)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean fill(Page<T> page, List<Place> places) {
    if (places.isEmpty()) {
      return true;
    }
    LocalDateTime first = Timestamps.toDatabase(places.get(0).cursor.time());
    LocalDateTime last = Timestamps.toDatabase(places.get(places.size() - 1).cursor.time());
    boolean rising = first.isBefore(last);
    return rows(
        places.stream().map(Place::key).toList(),
        rising ? first : last,
        rising ? last : first,
        owned -> page.add(owned.row));
  }

  /** A page while it is filled. */
  private static final class Page<T extends LogRow> {
    private final LogFilter<T> filter;
    private final Sink<? super T> sink;
    private final int skip;
    private final int wanted;
    private int seen;
    private @Nullable Cursor last;

    Page(LogFilter<T> filter, Sink<? super T> sink, int skip, int limit) {
      this.filter = filter;
      this.sink = sink;
      this.skip = skip;
      this.wanted = skip + limit;
    }

    /** Returns the number of rows after which the page is known to be full and not the last one. */
    int missing() {
      return wanted + 1 - seen;
    }

    /**
     * Adds a row.
     *
     * @return false if the page ends before it
     */
    boolean add(T row) {
      if (!filter.accepts(row)) {
        return true;
      }
      if (seen == wanted || seen >= skip && !sink.add(row)) {
        return false;
      }
      seen++;
      last = row.cursor();
      return true;
    }
  }

  private End search(Conditions conditions, Order order, @Nullable Cursor after, Page<T> page) {
    long start = System.nanoTime();
    Cursor place = after;
    int examined = 0;
    while (true) {
      Cursor end = sliceEnd(conditions, order, place);
      int missing = page.missing();
      List<Place> found = places(conditions, order, place, end, missing);
      if (!fill(page, found)) {
        return new End(page.last, false);
      }
      boolean complete = found.size() < missing;
      if (complete && end == null) {
        return new End(null, false);
      }
      // The query may be full of rows that met the conditions, but not the filter.
      place = complete ? end : found.get(found.size() - 1).cursor;
      examined += complete ? SLICE : found.size();
      if (examined >= MOST_EXAMINED || System.nanoTime() - start > LONGEST) {
        return new End(place, true);
      }
    }
  }

  /** Returns the last row of the next slice, null if fewer are left. */
  private @Nullable Cursor sliceEnd(Conditions conditions, Order order, @Nullable Cursor after) {
    List<Object> values = new ArrayList<>();
    String sql =
        """
        SELECT %1$s, id FROM %2$s FORCE INDEX (%3$s)
        WHERE %4$s
        %5$s
        LIMIT 1 OFFSET %6$d
        """
            .formatted(
                time,
                table,
                conditions.index(),
                conditions.keys(values) + (after == null ? "" : after.after(order, time, values)),
                order.by(time),
                SLICE - 1);
    List<Cursor> found =
        query(sql, values, row -> new Cursor(Timestamps.read(row, time), row.getLong("id")));
    return found.isEmpty() ? null : found.get(0);
  }

  private List<Place> places(
      Conditions conditions, Order order, @Nullable Cursor after, @Nullable Cursor end, int limit) {
    List<Object> values = new ArrayList<>();
    String where =
        conditions.keys(values)
            + (after == null ? "" : after.after(order, time, values))
            + (end == null ? "" : end.upTo(order, time, values))
            + conditions.rest(values);
    String sql =
        """
        SELECT bucket, %1$s, id
        FROM %2$s %3$s
        WHERE %4$s
        %5$s
        LIMIT ?
        """
            .formatted(
                time,
                table,
                conditions.areKeys() ? "" : "FORCE INDEX (" + conditions.index() + ")",
                where,
                order.by(time));
    values.add(limit);
    return query(
        sql,
        values,
        row ->
            new Place(
                row.getInt("bucket"), new Cursor(Timestamps.read(row, time), row.getLong("id"))));
  }

  private List<Found<T>> byKey(
      String columns, List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    String sql =
        """
        SELECT bucket, tenant_id, %s
        FROM %s FORCE INDEX (PRIMARY)
        WHERE %s BETWEEN ? AND ? AND (%s)
        """
            .formatted(columns, table, time, RowKey.condition(keys));
    return query(
        sql,
        List.of(earliest, latest),
        row -> {
          var key = new RowKey(row.getInt("bucket"), row.getLong("id"));
          return new Found<>(
              key,
              row.getBoolean("is_large")
                  ? null
                  : new Owned<>(key, row.getInt("tenant_id"), read(row)));
        });
  }

  private <R> List<R> query(String sql, List<Object> values, Select.RowReader<R> reader) {
    return Select.list(jdbc, sql, values, reader);
  }
}
