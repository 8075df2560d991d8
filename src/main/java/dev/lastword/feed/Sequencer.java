package dev.lastword.feed;

import dev.lastword.feed.FeedRepository.Position;
import dev.lastword.row.RowKey;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns positions to committed rows, twice a second.
 *
 * <ol>
 *   <li>Check whether the outbox of a feed has rows. Mostly it has none.
 *   <li>In one transaction: lock the head of the feed, unless another node has it; read batches
 *       from the outbox; skip those that already have positions; assign the next positions to the
 *       others.
 *   <li>In another transaction, delete these batches from the outbox.
 * </ol>
 *
 * <p>A node that dies between the two leaves batches that already have positions, and the next node
 * skips them. There are two transactions because the outbox is in the database of its rows, but the
 * positions are in one database; no transaction spans both. The lock is a row lock, not the
 * database lock of other jobs: it is released when its node dies, and costs no write while nothing
 * is logged.
 */
@Singleton
class Sequencer {

  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
  static final int BATCHES = 200;
  private static final int CHUNKS = 200;

  private final Outbox outbox;
  private final FeedRepository positions;
  private final TransactionOperations<Connection> transactions;
  private final FeedSettings settings;
  private boolean failing;

  Sequencer(
      Outbox outbox,
      FeedRepository positions,
      TransactionOperations<Connection> transactions,
      FeedSettings settings) {
    this.outbox = outbox;
    this.positions = positions;
    this.transactions = transactions;
    this.settings = settings;
  }

  @Scheduled(fixedDelay = "500ms")
  synchronized void run() {
    try {
      for (Feed feed : Feed.values()) {
        boolean more = outbox.isWaiting(feed);
        while (more) {
          more = number(feed) == BATCHES;
        }
      }
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.warn("Cannot assign positions, streams are paused; will retry: {}", e.toString());
      }
      failing = true;
    }
  }

  /** Deletes old positions, some thousand at a time. */
  @Scheduled(fixedDelay = "10s", initialDelay = "10s")
  void deleteOld() {
    try {
      for (Feed feed : Feed.values()) {
        int chunks = 0;
        while (chunks < CHUNKS && transactions.executeWrite(status -> deleteOld(feed))) {
          chunks++;
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot delete old positions, will retry: {}", e.toString());
    }
  }

  /**
   * Deletes a chunk. A batch that a dying node left in the outbox keeps its position, because it
   * would get another one otherwise.
   *
   * @return whether the chunk was full
   */
  private boolean deleteOld(Feed feed) {
    if (positions.lock(feed) == null) {
      return false;
    }
    List<Position> old = positions.olderThan(feed, settings.keep());
    if (old.isEmpty()) {
      return false;
    }
    Set<RowKey> waiting = outbox.waiting(feed, old.stream().map(Position::first).toList());
    old.stream()
        .takeWhile(position -> !waiting.contains(position.first()))
        .reduce((earlier, later) -> later)
        .ifPresent(position -> positions.deleteOld(feed, position.last()));
    return waiting.isEmpty() && old.size() == FeedRepository.CHUNK;
  }

  /**
   * Assigns positions to some batches.
   *
   * @return their number; 0 also if another node holds the lock
   */
  private int number(Feed feed) {
    List<OutboxBatch> batches = transactions.executeWrite(status -> numberLocked(feed));
    if (!batches.isEmpty()) {
      outbox.remove(feed, batches);
    }
    return batches.size();
  }

  private List<OutboxBatch> numberLocked(Feed feed) {
    Long last = positions.lock(feed);
    if (last == null) {
      return List.of();
    }
    List<OutboxBatch> batches = outbox.waiting(feed, BATCHES);
    if (!batches.isEmpty()) {
      Set<RowKey> known = positions.known(feed, batches);
      List<OutboxBatch> fresh =
          batches.stream().filter(batch -> !known.contains(batch.first())).toList();
      positions.append(feed, last, fresh);
    }
    return batches;
  }
}
