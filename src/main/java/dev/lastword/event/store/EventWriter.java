package dev.lastword.event.store;

import dev.lastword.commit.BatchNumber;
import dev.lastword.commit.BatchWriter;
import dev.lastword.commit.LaneCommits;
import dev.lastword.commit.LockedRows;
import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.DailyUsers;
import dev.lastword.database.DatabaseError;
import dev.lastword.event.store.EventWrite.DeadLetter;
import dev.lastword.event.store.EventWrite.RejectedCount;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.row.RowIds;
import dev.lastword.row.RowKey;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLTransactionRollbackException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Stores events exactly once, many at a time.
 *
 * <p>In one transaction:
 *
 * <ol>
 *   <li>INSERT IGNORE the keys into {@code event_key}, each with the id that its event was given on
 *       arrival. All texts are known to fit: IGNORE would cut them.
 *   <li>If fewer went in than were sent, read the keys back. An event is new if the id is its own;
 *       this also tells one that came twice in the batch.
 *   <li>Insert the events that are new into {@code event_log}, and tell the streams of them.
 *   <li>Note the number of the batch.
 *   <li>Add to the daily counts, summed up: rows that others need as well come last.
 * </ol>
 *
 * <p>A key that another transaction has inserted and not yet committed makes step 1 wait for it, so
 * the same event that arrives at two nodes in the same millisecond is new at one of them. A batch
 * whose commit was not confirmed is not written again if it was committed: the lane sees to that.
 *
 * <p>Received = new + duplicates + rejected, for each topic and day.
 */
@Singleton
class EventWriter implements BatchWriter<EventWrite> {
  private static final Comparator<PendingEvent> BY_KEY =
      Comparator.comparing(pending -> pending.event().key());

  private final EventKeyRepository keys;
  private final EventRepository events;
  private final Outbox outbox;
  private final DeadLetterRepository deadLetters;
  private final DailyTopics topics;
  private final DailyUsers users;
  private final LaneCommits commits;
  private final TransactionOperations<Connection> transactions;
  private final RowIds ids;

  EventWriter(
      EventKeyRepository keys,
      EventRepository events,
      Outbox outbox,
      DeadLetterRepository deadLetters,
      DailyTopics topics,
      DailyUsers users,
      LaneCommits commits,
      TransactionOperations<Connection> transactions,
      @Named("events") RowIds ids) {
    this.keys = keys;
    this.events = events;
    this.outbox = outbox;
    this.deadLetters = deadLetters;
    this.topics = topics;
    this.users = users;
    this.commits = commits;
    this.transactions = transactions;
    this.ids = ids;
  }

  @Override
  public void write(BatchNumber number, List<EventWrite> entries) {
    List<PendingEvent> pendingEvents =
        of(entries, PendingEvent.class).stream().sorted(BY_KEY).toList();
    List<DeadLetter> letters = of(entries, DeadLetter.class);
    List<RejectedCount> refusals = of(entries, RejectedCount.class);
    transactions.executeWrite(
        status -> {
          LocalDateTime now = needsTime(entries) ? events.now() : LocalDateTime.MIN;
          pendingEvents.forEach(pending -> pending.settleTime(now));
          List<PendingEvent> added = pendingEvents.isEmpty() ? List.of() : add(pendingEvents);
          if (!added.isEmpty()) {
            insert(added);
          }
          if (!letters.isEmpty()) {
            deadLetters.insert(letters);
          }
          BatchCounts counts = new BatchCounts();
          added.forEach(counts::stored);
          pendingEvents.forEach(counts::repeated);
          letters.forEach(letter -> counts.rejected(letter, now));
          refusals.forEach(refused -> counts.rejected(refused, now));
          commits.note(number);
          counts.addTo(topics, users);
          return null;
        });
  }

  @Override
  public boolean settle(BatchNumber number) {
    return commits.settle(number);
  }

  @Override
  public Collection<?> keys(EventWrite entry) {
    return entry.keys();
  }

  @Override
  public Set<Object> locked(Collection<?> wanted) {
    return transactions.executeWrite(
        status -> LockedRows.find(status.getConnection(), wanted, EventWriter::row));
  }

  private static LockedRows.Row row(Object key) {
    if (key instanceof EventKey event) {
      return new LockedRows.Row(
          "event_key WHERE bucket = ? AND tenant_id = ? AND topic = ? AND event_id = ?",
          List.of(event.bucket(), event.tenantId(), event.topic(), event.eventId()));
    }
    DailyTopics.Key count = (DailyTopics.Key) key;
    return new LockedRows.Row(
        "daily_topic WHERE bucket = ? AND tenant_id = ? AND day = ? AND topic = ?",
        List.of(count.bucket(), count.tenantId(), count.day(), count.topic()));
  }

  @Override
  public int bytes(EventWrite entry) {
    return entry.bytes();
  }

  /** Marks each event; returns those that this transaction is to store. */
  private List<PendingEvent> add(List<PendingEvent> pendingEvents) {
    pendingEvents.forEach(PendingEvent::markNew);
    if (keys.insert(pendingEvents) == pendingEvents.size()) {
      return pendingEvents;
    }
    Map<EventKey, EventKey.Stored> stored =
        keys.find(pendingEvents.stream().map(pending -> pending.event().key()).distinct().toList());
    List<PendingEvent> added = new ArrayList<>(pendingEvents.size());
    for (PendingEvent pending : pendingEvents) {
      EventKey.Stored key = Objects.requireNonNull(stored.get(pending.event().key()));
      if (key.id() == pending.event().id()) {
        added.add(pending);
      } else {
        pending.markDuplicateOf(key);
      }
    }
    return added;
  }

  private void insert(List<PendingEvent> added) {
    try {
      events.insert(added);
      outbox.add(Feed.EVENTS, added.stream().map(EventWriter::outboxRow).toList());
    } catch (RuntimeException e) {
      if (!DatabaseError.isDuplicateKey(e)) {
        throw e;
      }
      // Another node has given the same id, although their numbers differ: no fault of the events.
      added.forEach(pending -> pending.renumber(ids.next(0)));
      throw new IllegalStateException(
          "Ids were given twice; the next attempt takes others",
          new SQLTransactionRollbackException(e.getMessage(), "40001", e));
    }
  }

  private static Outbox.Row outboxRow(PendingEvent pending) {
    return new Outbox.Row(
        new RowKey(pending.event().key().bucket(), pending.event().id()), pending.at());
  }

  private static boolean needsTime(List<EventWrite> entries) {
    return entries.stream()
        .anyMatch(
            entry ->
                !(entry instanceof PendingEvent pending) || pending.event().occurredAt() == null);
  }

  private static <T extends EventWrite> List<T> of(List<EventWrite> entries, Class<T> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
