package dev.lastword.rollup;

import dev.lastword.feed.FeedReader;
import dev.lastword.feed.FeedReader.Numbered;
import dev.lastword.rollup.RollupHead.Locked;
import dev.lastword.row.RowKey;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the next rows of a feed, in one transaction:
 *
 * <ol>
 *   <li>Lock {@code rollup_head}, unless another node has it.
 *   <li>Read the next positions, and the rows by their keys. A row that was deleted meanwhile is
 *       not counted.
 *   <li>Add the rows to the counts, as they were logged first; then take amended ones out, and add
 *       them as they are now.
 *   <li>Record the last position.
 * </ol>
 *
 * <p>Counts and position change in one transaction, so each position is counted exactly once,
 * whichever node dies at whatever time.
 */
@Singleton
class RollupBatch {
  private static final Logger LOG = LoggerFactory.getLogger(RollupBatch.class);
  static final int ROWS = 5_000;

  /** The last counted position, and the number of rows of this batch. */
  private record Counted(long last, int rows) {}

  private final RollupHead head;
  private final FeedReader feeds;
  private final LoggedRowReader reader;
  private final CountWriter counts;
  private final RollupMeters meters;
  private final TransactionOperations<Connection> transactions;

  RollupBatch(
      RollupHead head,
      FeedReader feeds,
      LoggedRowReader reader,
      CountWriter counts,
      RollupMeters meters,
      TransactionOperations<Connection> transactions) {
    this.head = head;
    this.feeds = feeds;
    this.reader = reader;
    this.counts = counts;
    this.meters = meters;
    this.transactions = transactions;
  }

  /**
   * Counts up to {@value #ROWS} rows.
   *
   * @param target the position to reach
   * @param asOf a time before which nothing was committed that has a position after {@code target}
   * @return the last counted position; null if another node holds the lock
   */
  @Nullable Long run(CountedLog log, long target, LocalDateTime asOf) {
    long start = System.nanoTime();
    Counted counted = transactions.executeWrite(status -> count(log, target, asOf));
    if (counted == null) {
      return null;
    }
    if (counted.rows > 0) {
      meters.counted(log, counted.rows, System.nanoTime() - start);
    }
    return counted.last;
  }

  private @Nullable Counted count(CountedLog log, long target, LocalDateTime asOf) {
    Locked locked = head.tryLock();
    if (locked == null) {
      return null;
    }
    long position = locked.of(log.feed()).position();
    if (position >= target) {
      return new Counted(position, 0);
    }
    FeedReader.Page page = feeds.after(log.feed(), position, ROWS);
    List<Numbered> next = page.rows();
    if (next.isEmpty() || next.get(0).position() != position + 1) {
      LOG.error(
          "Positions after {} of {} are missing. Run lastword recount to count their rows.",
          position,
          log.feed());
    }
    if (next.isEmpty()) {
      head.advance(log.feed(), target, asOf, false);
      return new Counted(target, 0);
    }
    List<LoggedRow> rows = new ArrayList<>();
    List<RowKey> added = keys(next, false);
    if (!added.isEmpty()) {
      rows.addAll(reader.byKey(log, added, page.earliest(), page.latest()));
      counts.add(log, rows);
    }
    List<RowKey> changed = keys(next, true);
    if (!changed.isEmpty()) {
      LoggedRowReader.Amended amended = reader.amended(changed, page.earliest(), page.latest());
      counts.amend(amended);
      rows.addAll(amended.after());
    }
    long last = next.get(next.size() - 1).position();
    LocalDate today = locked.now().toLocalDate();
    head.advance(
        log.feed(),
        last,
        last >= target ? asOf : null,
        rows.stream().anyMatch(row -> row.day().isBefore(today)));
    return new Counted(last, rows.size());
  }

  private static List<RowKey> keys(List<Numbered> rows, boolean amends) {
    return rows.stream()
        .filter(row -> row.amends() == amends)
        .map(Numbered::key)
        .distinct()
        .toList();
  }
}
