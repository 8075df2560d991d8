package dev.lastword.rollup;

import dev.lastword.daily.TopicRecount;
import dev.lastword.feed.Feed;
import dev.lastword.feed.UnreadRows;
import dev.lastword.rollup.RollupHead.Locked;
import dev.lastword.row.RowKey;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the days of the logs anew, while rows are added to them.
 *
 * <p>A day in one transaction:
 *
 * <ol>
 *   <li>Lock {@code rollup_head}, so that no count changes and no position is passed.
 *   <li>Take a snapshot of the logs. The rollup will count those of its rows that have no position
 *       yet, or one after the last counted position; all others belong in the counts.
 *   <li>Delete the counts of the day, and add these rows.
 * </ol>
 *
 * <p>A day whose rows were dropped by retention keeps its counts.
 */
@Singleton
public class Recount {
  private static final DefaultTransactionDefinition SNAPSHOT = new DefaultTransactionDefinition();
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(20);

  static {
    // The snapshot is taken by the first read after the lock.
    SNAPSHOT.setIsolationLevel(TransactionDefinition.Isolation.REPEATABLE_READ);
  }

  /** Rows that were counted. */
  public record Rows(long searches, long events) {

    public static final Rows NONE = new Rows(0, 0);

    /** Returns the sum of both. */
    public Rows plus(Rows other) {
      return new Rows(searches + other.searches, events + other.events);
    }
  }

  private final RollupHead head;
  private final Rollup rollup;
  private final CountedDays days;
  private final LoggedRowReader reader;
  private final CountWriter counts;
  private final TopicRecount topics;
  private final TransactionOperations<Connection> transactions;

  Recount(
      RollupHead head,
      Rollup rollup,
      CountedDays days,
      LoggedRowReader reader,
      CountWriter counts,
      TopicRecount topics,
      TransactionOperations<Connection> transactions) {
    this.head = head;
    this.rollup = rollup;
    this.days = days;
    this.reader = reader;
    this.counts = counts;
    this.topics = topics;
    this.transactions = transactions;
  }

  /** Returns all days that have rows or counts, oldest first. */
  public SortedSet<LocalDate> days() {
    return transactions.executeRead(status -> days.all());
  }

  /**
   * Recounts a day, after counting what is waiting, so that no node need be running.
   *
   * @throws IllegalStateException if another node holds the lock for longer than ten minutes
   */
  public Rows day(LocalDate day) {
    rollup.run(LONGEST_WAIT.toNanos());
    // First, because the other counts announce the change.
    recountTopics(day);
    long start = System.nanoTime();
    while (System.nanoTime() - start < LONGEST_WAIT.toNanos()) {
      Rows rows = tryDay(day);
      if (rows != null) {
        return rows;
      }
      LockSupport.parkNanos(RETRY);
    }
    throw new IllegalStateException("Another node holds the lock on table rollup_head");
  }

  /** These counts follow no feed, so they need no lock. */
  private void recountTopics(LocalDate day) {
    if (head.logSince(Feed.EVENTS).isAfter(day)) {
      return;
    }
    for (int tenant : transactions.executeRead(status -> days.tenants())) {
      topics.day(tenant, day);
    }
  }

  /** Returns null if another node holds the lock. */
  private @Nullable Rows tryDay(LocalDate day) {
    return transactions.execute(
        SNAPSHOT,
        status -> {
          Locked locked = head.tryLock();
          return locked == null ? null : count(status.getConnection(), locked, day);
        });
  }

  private Rows count(Connection connection, Locked locked, LocalDate day) throws SQLException {
    Map<CountedLog, Set<RowKey>> unread = new EnumMap<>(CountedLog.class);
    for (CountedLog log : CountedLog.values()) {
      if (!day.isBefore(locked.of(log.feed()).logSince())) {
        unread.put(log, UnreadRows.after(connection, log.feed(), locked.of(log.feed()).position()));
      }
    }
    Rows rows = Rows.NONE;
    for (int tenant : days.tenants()) {
      for (Map.Entry<CountedLog, Set<RowKey>> log : unread.entrySet()) {
        counts.clear(log.getKey(), tenant, day);
        rows = rows.plus(count(log.getKey(), tenant, day, log.getValue()));
      }
      counts.combine(tenant, day);
    }
    if (day.isBefore(locked.now().toLocalDate())) {
      head.changePast();
    }
    return rows;
  }

  private Rows count(CountedLog log, int tenant, LocalDate day, Set<RowKey> unread) {
    long counted = 0;
    LoggedRow from = null;
    List<LoggedRow> page;
    do {
      page = reader.ofDay(log, tenant, day, from);
      boolean more = page.size() == LoggedRowReader.PAGE;
      LoggedRow last = page.isEmpty() ? null : page.get(page.size() - 1);
      // Rows of several buckets may have the same time and id; the next page begins with all of
      // them.
      List<LoggedRow> rows =
          page.stream()
              .filter(row -> !more || !row.isLevelWith(Objects.requireNonNull(last)))
              .filter(row -> !unread.contains(row.key()))
              .toList();
      counts.add(log, rows);
      counted += rows.size();
      from = more ? last : null;
    } while (from != null);
    return log == CountedLog.SEARCHES ? new Rows(counted, 0) : new Rows(0, counted);
  }
}
