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
 * Gives positions to what was committed, twice a second.
 *
 * <ol>
 *   <li>Look whether the outbox of a feed holds anything; mostly that is all.
 *   <li>In one transaction: lock the head of the feed, unless another node has it; read batches
 *       from the outbox; leave out those that have positions already; give the others the next
 *       ones.
 *   <li>In another transaction, delete these batches from the outbox.
 * </ol>
 *
 * <p>A node that dies between the two leaves batches that have positions, which the next one finds
 * out. Two transactions, since the outbox lies where its rows lie, and the positions at one place:
 * with more than one database no transaction spans both. The lock is that of the row, not the one
 * around other jobs: it is free in the moment in which its node dies, and costs nothing while
 * nothing is written.
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
        LOG.warn("Streams stand still, will try again: {}", e.toString());
      }
      failing = true;
    }
  }

  /** Forgets old positions, some thousand each time. */
  @Scheduled(fixedDelay = "10s", initialDelay = "10s")
  void forget() {
    try {
      for (Feed feed : Feed.values()) {
        int chunks = 0;
        while (chunks < CHUNKS && transactions.executeWrite(status -> forget(feed))) {
          chunks++;
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("Old positions are not deleted, will try again: {}", e.toString());
    }
  }

  /**
   * Forgets a chunk; says whether it was a full one. A batch that a dying node left in the outbox
   * keeps its position, or it would get another.
   */
  private boolean forget(Feed feed) {
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
        .ifPresent(position -> positions.forget(feed, position.last()));
    return waiting.isEmpty() && old.size() == FeedRepository.FORGOTTEN_AT_ONCE;
  }

  /** How many batches went; 0 also where another node is at it. */
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
