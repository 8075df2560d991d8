package dev.lastword.event;

import dev.lastword.commit.BatchWriter;
import dev.lastword.commit.LockedRows;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.feed.RowKey;
import dev.lastword.stats.DailyTopics;
import dev.lastword.stats.DailyUsers;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stores events exactly once, many at a time.
 *
 * <p>In one transaction:
 *
 * <ol>
 *   <li>INSERT IGNORE the keys into {@code event_key}, each with the id that its event was given on
 *       arrival and the number of this transaction. All texts are known to fit: IGNORE would cut
 *       them.
 *   <li>If fewer went in than were sent, read the keys back. An event is new where the id is its
 *       own; this also tells one that came twice in the batch. Where the number is that of another
 *       transaction, an earlier try was committed although its answer was lost: the event is new,
 *       and has been stored and counted, and with it all else of the batch.
 *   <li>Insert the events that are new to this transaction into {@code event_log}, and tell the
 *       streams of them.
 *   <li>Add to the daily counts, summed up.
 * </ol>
 *
 * <p>A key that another transaction has inserted and not yet committed makes step 1 wait for it, so
 * the same event that arrives at two nodes in the same millisecond is new at one of them.
 *
 * <p>Received = new + duplicates + rejected, for each topic and day. One number can be too high:
 * the duplicates of a batch that had nothing but duplicates and whose commit was not confirmed.
 */
@Singleton
class EventWriter implements BatchWriter<Entry> {
  private static final Comparator<Arrival> BY_KEY =
      Comparator.comparing(arrival -> arrival.event.key());

  private final EventKeyRepository keys;
  private final EventRepository events;
  private final Outbox outbox;
  private final DeadLetterRepository deadLetters;
  private final DailyTopics topics;
  private final DailyUsers users;
  private final TransactionOperations<Connection> transactions;
  private final long node = (long) new SecureRandom().nextInt(Integer.MAX_VALUE) << Integer.SIZE;
  private final AtomicInteger batches = new AtomicInteger();

  EventWriter(
      EventKeyRepository keys,
      EventRepository events,
      Outbox outbox,
      DeadLetterRepository deadLetters,
      DailyTopics topics,
      DailyUsers users,
      TransactionOperations<Connection> transactions) {
    this.keys = keys;
    this.events = events;
    this.outbox = outbox;
    this.deadLetters = deadLetters;
    this.topics = topics;
    this.users = users;
    this.transactions = transactions;
  }

  @Override
  public void write(List<Entry> entries) {
    List<Arrival> arrivals = of(entries, Arrival.class).stream().sorted(BY_KEY).toList();
    List<DeadLetter> letters = of(entries, DeadLetter.class);
    List<Refusals> refusals = of(entries, Refusals.class);
    transactions.executeWrite(
        status -> {
          LocalDateTime now = needsTime(entries) ? events.now() : LocalDateTime.MIN;
          arrivals.forEach(arrival -> arrival.settleTime(now));
          List<Arrival> added = arrivals.isEmpty() ? List.of() : add(arrivals);
          if (!added.isEmpty()) {
            events.insert(added);
            outbox.add(Feed.EVENTS, added.stream().map(EventWriter::told).toList());
          }
          if (!letters.isEmpty()) {
            deadLetters.insert(letters);
          }
          BatchCounts counts = new BatchCounts();
          added.forEach(counts::stored);
          if (arrivals.stream().noneMatch(Arrival::isStoredBefore)) {
            arrivals.forEach(counts::repeated);
            letters.forEach(letter -> counts.rejected(letter, now));
            refusals.forEach(refused -> counts.rejected(refused, now));
          }
          counts.addTo(topics, users);
          return null;
        });
  }

  @Override
  public Collection<?> keys(Entry entry) {
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
  public int bytes(Entry entry) {
    return entry.bytes();
  }

  /** Marks each arrival; returns those that this transaction is to store. */
  private List<Arrival> add(List<Arrival> arrivals) {
    // The sequence may wrap after four billion transactions: by then no try of the first is alive.
    long batch = node | Integer.toUnsignedLong(batches.incrementAndGet());
    arrivals.forEach(Arrival::markNew);
    if (keys.insert(arrivals, batch) == arrivals.size()) {
      return arrivals;
    }
    Map<EventKey, StoredKey> stored =
        keys.find(arrivals.stream().map(arrival -> arrival.event.key()).distinct().toList());
    List<Arrival> added = new ArrayList<>(arrivals.size());
    for (Arrival arrival : arrivals) {
      StoredKey key = Objects.requireNonNull(stored.get(arrival.event.key()));
      // Ids of two nodes may be equal; then their transactions are not.
      if (key.id() != arrival.event.id() || (key.batch() ^ node) >>> Integer.SIZE != 0) {
        arrival.markDuplicateOf(key);
      } else if (key.batch() == batch) {
        added.add(arrival);
      } else {
        arrival.markStoredBefore();
      }
    }
    return added;
  }

  private static Outbox.Row told(Arrival arrival) {
    return new Outbox.Row(
        new RowKey(arrival.event.key().bucket(), arrival.event.id()), arrival.at());
  }

  private static boolean needsTime(List<Entry> entries) {
    return entries.stream()
        .anyMatch(
            entry -> !(entry instanceof Arrival arrival) || arrival.event.occurredAt() == null);
  }

  private static <T extends Entry> List<T> of(List<Entry> entries, Class<T> kind) {
    return entries.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
