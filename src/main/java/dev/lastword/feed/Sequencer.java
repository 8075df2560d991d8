package dev.lastword.feed;

import dev.lastword.feed.FeedRepository.Position;
import dev.lastword.row.RowKey;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
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
public class Sequencer {

  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);
  static final int BATCHES = 200;
  private static final int CHUNKS = 200;

  private final Outbox outbox;
  private final FeedRepository positions;
  private final TransactionOperations<Connection> transactions;
  private final FeedSettings settings;
  private final List<FeedConsumer> consumers;
  private final ReentrantLock running = new ReentrantLock();
  private boolean failing;

  Sequencer(
      Outbox outbox,
      FeedRepository positions,
      TransactionOperations<Connection> transactions,
      FeedSettings settings,
      List<FeedConsumer> consumers) {
    this.outbox = outbox;
    this.positions = positions;
    this.transactions = transactions;
    this.settings = settings;
    this.consumers = consumers;
  }

  @Scheduled(fixedDelay = "500ms")
  void run() {
    try {
      assignPositions();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.warn(
            "Cannot assign positions, streams and counts are paused; will retry: {}", e.toString());
      }
      failing = true;
    }
  }

  /**
   * Assigns positions to all rows that were committed before the call.
   *
   * @return false if another thread or node is assigning positions, so that some may have none yet
   */
  public boolean assignPositions() {
    if (!running.tryLock()) {
      return false;
    }
    try {
      boolean all = true;
      for (Feed feed : Feed.values()) {
        all &= assignPositions(feed);
      }
      return all;
    } finally {
      running.unlock();
    }
  }

  private boolean assignPositions(Feed feed) {
    if (!outbox.isWaiting(feed)) {
      return true;
    }
    while (true) {
      List<OutboxBatch> batches = transactions.executeWrite(status -> number(feed));
      if (batches == null) {
        return false;
      }
      if (!batches.isEmpty()) {
        outbox.remove(feed, batches);
      }
      if (batches.size() < BATCHES) {
        return true;
      }
    }
  }

  /** Deletes old positions that all consumers have read, some thousand at a time. */
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
    long consumed =
        consumers.stream()
            .mapToLong(consumer -> consumer.position(feed))
            .min()
            .orElse(Long.MAX_VALUE);
    List<Position> old = positions.olderThan(feed, settings.keep(), consumed);
    if (old.isEmpty()) {
      return false;
    }
    Set<RowKey> waiting = outbox.waiting(feed, old.stream().map(Position::name).toList());
    old.stream()
        .takeWhile(position -> !waiting.contains(position.name()))
        .reduce((earlier, later) -> later)
        .ifPresent(position -> positions.deleteOld(feed, position.last()));
    return waiting.isEmpty() && old.size() == FeedRepository.CHUNK;
  }

  /**
   * Assigns positions to some batches.
   *
   * @return them; null if another node holds the lock
   */
  private @Nullable List<OutboxBatch> number(Feed feed) {
    Long last = positions.lock(feed);
    if (last == null) {
      return null;
    }
    List<OutboxBatch> batches = outbox.waiting(feed, BATCHES);
    if (!batches.isEmpty()) {
      Set<RowKey> known = positions.known(feed, batches);
      List<OutboxBatch> fresh =
          batches.stream().filter(batch -> !known.contains(batch.name())).toList();
      positions.append(feed, last, fresh);
    }
    return batches;
  }
}
