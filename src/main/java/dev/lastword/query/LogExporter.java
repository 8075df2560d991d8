package dev.lastword.query;

import dev.lastword.daily.DailyCounts;
import dev.lastword.http.DayRange;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import dev.lastword.rollup.SearchCountReader;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Exports a log, newest first. It reads page by page, so memory does not depend on the size of the
 * log.
 */
@Singleton
public class LogExporter {

  /** The log to export. */
  public enum Log {
    SEARCHES,
    EVENTS
  }

  /** The format of the file. */
  public enum Format {
    CSV,
    NDJSON
  }

  /**
   * The rows to export; null fields do not restrict.
   *
   * @param topic of events
   * @param from a time or a day
   * @param to likewise, exclusive
   */
  public record Selection(
      int tenantId, Log log, @Nullable String topic, @Nullable String from, @Nullable String to) {}

  private static final int PAGE = 1_000;

  private final SearchReader searches;
  private final EventLogReader events;
  private final SearchCountReader searchCounts;
  private final DailyCounts eventCounts;
  private final CsvFormat csv;
  private final NdjsonFormat ndjson;

  LogExporter(
      SearchReader searches,
      EventLogReader events,
      SearchCountReader searchCounts,
      DailyCounts eventCounts,
      CsvFormat csv,
      NdjsonFormat ndjson) {
    this.searches = searches;
    this.events = events;
    this.searchCounts = searchCounts;
    this.eventCounts = eventCounts;
    this.csv = csv;
    this.ndjson = ndjson;
  }

  /**
   * Estimates the number of rows from the daily counts, which count whole days and include rows
   * that have been deleted.
   */
  public long estimate(Selection selection) {
    DayRange days = TimeRange.parse(selection.from, selection.to).days();
    return selection.log == Log.SEARCHES
        ? searchCounts.searches(selection.tenantId, days.from(), days.to())
        : eventCounts.events(selection.tenantId, selection.topic, days.from(), days.to());
  }

  /**
   * Exports.
   *
   * @param progress receives the number of rows so far
   * @return the number of rows
   * @throws IOException if the file cannot be written
   */
  public long export(Selection selection, Format format, OutputStream out, LongConsumer progress)
      throws IOException {
    TimeRange range = TimeRange.parse(selection.from, selection.to);
    LogFormat writer = format == Format.CSV ? csv : ndjson;
    if (selection.log == Log.SEARCHES) {
      var filter = new SearchFilter(selection.tenantId, null, null, null, null, null, range);
      return export(searches, filter, writer, LoggedSearch.COLUMNS, out, progress);
    }
    String topic = Parameters.text("topic", selection.topic);
    var filter = new EventFilter(selection.tenantId, topic, null, null, null, null, null, range);
    return export(events, filter, writer, LoggedEvent.COLUMNS, out, progress);
  }

  private static <T extends LogRow> long export(
      LogReader<T> reader,
      LogFilter<T> filter,
      LogFormat format,
      List<String> columns,
      OutputStream out,
      LongConsumer progress)
      throws IOException {
    write(out, format.head(columns));
    var exported = new AtomicLong();
    Cursor next = null;
    do {
      LogReader.End end =
          reader.page(
              filter,
              Order.NEWEST,
              next,
              0,
              PAGE,
              row -> {
                write(out, format.encode(row));
                exported.incrementAndGet();
                return true;
              });
      progress.accept(exported.get());
      next = end.next();
    } while (next != null);
    return exported.get();
  }

  private static void write(OutputStream out, byte[] row) {
    try {
      out.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
