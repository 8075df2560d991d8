package dev.lastword.query;

import dev.lastword.access.Tenant;
import dev.lastword.daily.DailyCounts;
import dev.lastword.http.DayRange;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log to a stream of bytes, newest first, page by page: of any size in the same memory.
 */
@Singleton
public class LogExporter {

  /** Which log. */
  public enum Log {
    SEARCHES,
    EVENTS
  }

  /** How it is written. */
  public enum Form {
    CSV,
    NDJSON
  }

  /**
   * What is to be copied; what is null does not restrict.
   *
   * @param topic of events
   * @param from a moment or a day
   * @param to likewise; it no longer counts
   */
  public record Wish(Log log, @Nullable String topic, @Nullable String from, @Nullable String to) {}

  private static final int PAGE = 1_000;

  private final SearchReader searches;
  private final EventLogReader events;
  private final DailyCounts counts;
  private final CsvFormat csv;
  private final NdjsonFormat ndjson;

  LogExporter(
      SearchReader searches,
      EventLogReader events,
      DailyCounts counts,
      CsvFormat csv,
      NdjsonFormat ndjson) {
    this.searches = searches;
    this.events = events;
    this.counts = counts;
    this.csv = csv;
    this.ndjson = ndjson;
  }

  /**
   * About how many rows there are, by the daily counts: whole days, and those that were dropped or
   * erased since.
   */
  public long estimate(Wish wish) {
    DayRange days = TimeRange.parse(wish.from, wish.to).days();
    return wish.log == Log.SEARCHES
        ? counts.searches(Tenant.DEFAULT_ID, days.from(), days.to())
        : counts.events(Tenant.DEFAULT_ID, wish.topic, days.from(), days.to());
  }

  /**
   * Copies.
   *
   * @param progress is told now and then how many rows were copied
   * @return how many in all
   * @throws IOException where it cannot be written
   */
  public long copy(Wish wish, Form form, OutputStream out, LongConsumer progress)
      throws IOException {
    TimeRange range = TimeRange.parse(wish.from, wish.to);
    LogFormat format = form == Form.CSV ? csv : ndjson;
    if (wish.log == Log.SEARCHES) {
      var filter = new SearchFilter(Tenant.DEFAULT_ID, null, null, null, null, range);
      return copy(searches, filter, format, LoggedSearch.COLUMNS, out, progress);
    }
    String topic = Parameters.text("topic", wish.topic);
    var filter = new EventFilter(Tenant.DEFAULT_ID, topic, null, null, null, null, null, range);
    return copy(events, filter, format, LoggedEvent.COLUMNS, out, progress);
  }

  private static <T extends LogRow> long copy(
      LogReader<T> reader,
      LogFilter<T> filter,
      LogFormat format,
      List<String> columns,
      OutputStream out,
      LongConsumer progress)
      throws IOException {
    write(out, format.head(columns));
    var copied = new AtomicLong();
    Cursor next = null;
    do {
      LogReader.End end =
          reader.page(
              filter,
              next,
              0,
              PAGE,
              row -> {
                write(out, format.encode(row));
                copied.incrementAndGet();
                return true;
              });
      progress.accept(copied.get());
      next = end.next();
    } while (next != null);
    return copied.get();
  }

  private static void write(OutputStream out, byte[] row) {
    try {
      out.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
