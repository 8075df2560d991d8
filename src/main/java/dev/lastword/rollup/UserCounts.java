package dev.lastword.rollup;

import dev.lastword.feed.Feed;
import dev.lastword.feed.UnreadRows;
import dev.lastword.row.RowKey;
import dev.lastword.row.UserSelection;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of a user out of the counts. They are deleted in the same transaction, so counts
 * and logs agree at any time. The sets of active users follow at the end, see {@link #clearDays}.
 */
@Singleton
public class UserCounts {
  private static final int ROWS = 500;
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * Rows that are no longer counted, and that the caller must delete.
   *
   * @param keys empty if there are none
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after
   */
  public record Uncounted(List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    private static final Uncounted NONE =
        new Uncounted(List.of(), LocalDateTime.MIN, LocalDateTime.MIN);
  }

  private final Rollup rollup;
  private final RollupHead head;
  private final LoggedRowReader reader;
  private final CountWriter counts;
  private final UserDays days;
  private final TransactionOperations<Connection> transactions;

  UserCounts(
      Rollup rollup,
      RollupHead head,
      LoggedRowReader reader,
      CountWriter counts,
      UserDays days,
      TransactionOperations<Connection> transactions) {
    this.rollup = rollup;
    this.head = head;
    this.reader = reader;
    this.counts = counts;
    this.days = days;
    this.transactions = transactions;
  }

  /** Counts what was committed before, so that {@link #take} finds it. */
  public void countAll(Duration atMost) {
    rollup.run(atMost.toNanos());
    LockSupport.parkNanos(RETRY);
  }

  /**
   * Takes the oldest of the selected rows out of the counts, up to {@value #ROWS} of them.
   *
   * @param connection of the transaction, which must delete the rows
   * @return null if it has to be tried again, after {@link #countAll}: another transaction holds
   *     the lock, or the rows are not counted yet
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public @Nullable Uncounted take(Connection connection, Feed feed, UserSelection selection)
      throws SQLException {
    RollupHead.Locked locked = head.tryLock();
    if (locked == null) {
      return null;
    }
    CountedLog log = CountedLog.of(feed);
    List<LoggedRow> found = reader.ofUser(log, selection, ROWS);
    if (found.isEmpty()) {
      return Uncounted.NONE;
    }
    // Read after the rows: whatever is not counted is still without a position, or has a later one.
    Set<RowKey> unread = UnreadRows.after(connection, feed, locked.of(feed).position());
    List<LoggedRow> rows = found.stream().filter(row -> !unread.contains(row.key())).toList();
    if (rows.isEmpty()) {
      return null;
    }
    counts.subtract(log, rows);
    head.changePast();
    return new Uncounted(
        rows.stream().map(LoggedRow::key).toList(),
        rows.get(0).time(),
        rows.get(rows.size() - 1).time());
  }

  /**
   * Removes the user from the active users of all days of the selection without a row of the user;
   * and forgets the number of a user who has none at all.
   *
   * @param cleared receives the number of bitmaps, in each transaction that changes some
   */
  public void clearDays(UserSelection selection, LongConsumer cleared) {
    UserDays.Place after = UserDays.Place.FIRST;
    while (after != null) {
      UserDays.Place from = after;
      UserDays.Place reached =
          transactions.executeWrite(
              status -> {
                if (head.tryLock() == null) {
                  return from;
                }
                UserDays.Place next = days.clear(selection, from, cleared);
                head.changePast();
                return next;
              });
      if (from.equals(reached)) {
        LockSupport.parkNanos(RETRY);
      }
      after = reached;
    }
  }
}
