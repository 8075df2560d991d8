package dev.lastword.event.store;

import static java.util.stream.Collectors.toSet;

import dev.lastword.commit.BatchNumber;
import dev.lastword.commit.BatchWriter;
import dev.lastword.commit.LaneCommits;
import dev.lastword.commit.LockedRows;
import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.TopicLimit;
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
 *   <li>Decide which topics are counted by name, see {@link TopicLimit}.
 *   <li>INSERT IGNORE the keys into {@code event_key}, each with the id that its event got on
 *       arrival. All texts fit their columns, because IGNORE would truncate them.
 *   <li>If fewer keys were inserted than sent, read them back. An event is new if the stored id is
 *       its own; this also detects an event that is in the batch twice.
 *   <li>Insert the new events into {@code event_log}, and add them to the outbox of the feed.
 *   <li>Store the number of the batch.
 *   <li>Add the sums to the daily counts of topics. These rows come last, because they are the most
 *       contended.
 * </ol>
 *
 * <p>Step 2 waits for a key that another transaction has inserted and not yet committed. So an
 * event that arrives at two nodes at the same time is new at one of them. The lane does not write a
 * batch again that was committed without confirmation.
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
  private final TopicLimit limit;
  private final LaneCommits commits;
  private final TransactionOperations<Connection> transactions;
  private final RowIds ids;

  EventWriter(
      EventKeyRepository keys,
      EventRepository events,
      Outbox outbox,
      DeadLetterRepository deadLetters,
      DailyTopics topics,
      TopicLimit limit,
      LaneCommits commits,
      TransactionOperations<Connection> transactions,
      @Named("events") RowIds ids) {
    this.keys = keys;
    this.events = events;
    this.outbox = outbox;
    this.deadLetters = deadLetters;
    this.topics = topics;
    this.limit = limit;
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
          Set<DailyTopics.Key> others =
              limit.beyond(entries.stream().map(entry -> entry.countKey(now)).collect(toSet()));
          List<PendingEvent> added = pendingEvents.isEmpty() ? List.of() : add(pendingEvents);
          if (!added.isEmpty()) {
            insert(added, others);
          }
          if (!letters.isEmpty()) {
            deadLetters.insert(letters);
          }
          BatchCounts counts = new BatchCounts(now, others);
          added.forEach(counts::stored);
          pendingEvents.forEach(counts::repeated);
          letters.forEach(counts::rejected);
          refusals.forEach(counts::rejected);
          commits.note(number);
          counts.addTo(topics);
          return null;
        });
  }

  @Override
  public boolean settle(BatchNumber number) {
    return commits.settle(number);
  }

  @Override
  public Collection<?> keys(EventWrite entry) {
    return entry.keys().stream()
        .map(key -> key instanceof DailyTopics.Key count ? limit.counted(count) : key)
        .toList();
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

  /**
   * Marks each event as new or as a duplicate.
   *
   * @return the new ones
   */
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

  private void insert(List<PendingEvent> added, Set<DailyTopics.Key> others) {
    try {
      events.insert(added, others);
      outbox.add(Feed.EVENTS, added.stream().map(EventWriter::outboxRow).toList());
    } catch (RuntimeException e) {
      if (!DatabaseError.isDuplicateKey(e)) {
        throw e;
      }
      // Another node has assigned the same id, although their numbers differ. The events are valid.
      added.forEach(pending -> pending.renumber(ids.next(0)));
      throw new IllegalStateException(
          "Ids were assigned twice; the next attempt uses others",
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
