package dev.lastword.event;

import dev.lastword.commit.GroupCommit;
import dev.lastword.commit.RejectedRowException;
import dev.lastword.event.store.Event;
import dev.lastword.event.store.EventKey;
import dev.lastword.event.store.EventWrite;
import dev.lastword.event.store.EventWrite.DeadLetter;
import dev.lastword.event.store.EventWrite.RejectedCount;
import dev.lastword.event.store.PendingEvent;
import dev.lastword.http.InFlightBytes;
import dev.lastword.http.Problem.Rejection;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds the events of a request to the lanes and collects their outcomes.
 *
 * <ol>
 *   <li>Each event goes to the lane of its bucket; nothing blocks.
 *   <li>An event that the database refuses is added again as a dead letter.
 *   <li>The number of invalid events is added, too, so that the totals include them.
 * </ol>
 */
@Singleton
class EventIngester {
  static final String REFUSED = "the database cannot store it; it is kept in rejected_event";

  private static final Logger LOG = LoggerFactory.getLogger(EventIngester.class);

  /** The outcome of an event. */
  private enum Outcome {
    STORED,
    REFUSED,
    UNCONFIRMED
  }

  private final GroupCommit<EventWrite> lanes;
  private final InFlightBytes inFlight;
  private final EventMeters meters;

  EventIngester(GroupCommit<EventWrite> lanes, InFlightBytes inFlight, EventMeters meters) {
    this.lanes = lanes;
    this.inFlight = inFlight;
    this.meters = meters;
  }

  /**
   * Ingests a batch. Never fails: the result has the events that could not be stored.
   *
   * @param sender whose events may take a share of the memory, such as the id of an API key
   */
  CompletableFuture<IngestResult> ingest(EventBatch batch, String sender) {
    meters.received(batch.tenantId(), batch.receivedByTopic());
    long start = System.nanoTime();
    long bytes = batch.pendingEvents().stream().mapToLong(PendingEvent::bytes).sum();
    List<String> senders = List.of(sender);
    if (!inFlight.take(bytes, senders)) {
      IngestResult result = noneOf(batch);
      meters.answered(batch.tenantId(), result, batch.rejected().size(), System.nanoTime() - start);
      return CompletableFuture.completedFuture(result);
    }
    List<CompletableFuture<Outcome>> outcomes = store(batch.pendingEvents());
    List<CompletableFuture<?>> all = new ArrayList<>(outcomes);
    for (Map.Entry<String, Integer> refused : batch.rejectedByTopic().entrySet()) {
      all.add(count(batch.tenantId(), refused.getKey(), refused.getValue()));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              inFlight.release(bytes, senders);
              IngestResult result = result(batch, outcomes);
              meters.answered(
                  batch.tenantId(), result, batch.rejected().size(), System.nanoTime() - start);
              return result;
            });
  }

  private static IngestResult noneOf(EventBatch batch) {
    return new IngestResult(
        batch.received(),
        0,
        List.of(),
        batch.rejected(),
        batch.pendingEvents().stream().map(PendingEvent::index).toList());
  }

  private List<CompletableFuture<Outcome>> store(List<PendingEvent> pendingEvents) {
    List<CompletableFuture<Void>> commits = lanes.addAll(pendingEvents, EventWrite::bucket);
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(pendingEvents.size());
    for (int i = 0; i < pendingEvents.size(); i++) {
      Event event = pendingEvents.get(i).event();
      outcomes.add(
          commits.get(i).handle((done, error) -> error).thenCompose(error -> end(event, error)));
    }
    return outcomes;
  }

  private CompletableFuture<Outcome> end(Event event, @Nullable Throwable error) {
    if (error == null) {
      return CompletableFuture.completedFuture(Outcome.STORED);
    }
    return error instanceof RejectedRowException
        ? keep(event, error.getCause())
        : CompletableFuture.completedFuture(Outcome.UNCONFIRMED);
  }

  private CompletableFuture<Outcome> keep(Event event, @Nullable Throwable cause) {
    LOG.warn("The database refuses event {}, which is kept in rejected_event", event.id());
    return lanes
        .add(event.key().bucket(), new DeadLetter(event, reason(cause)))
        .handle((done, error) -> error == null ? Outcome.REFUSED : Outcome.UNCONFIRMED);
  }

  /**
   * Counts rejected events. If the database is unavailable, the totals lack them: the sender does
   * not wait for them.
   */
  private CompletableFuture<?> count(int tenantId, String topic, int count) {
    int bucket = EventKey.of(tenantId, topic, "").bucket();
    return lanes
        .add(bucket, new RejectedCount(bucket, tenantId, topic, count))
        .exceptionally(error -> null);
  }

  private static IngestResult result(EventBatch batch, List<CompletableFuture<Outcome>> outcomes) {
    List<Rejection> rejected = new ArrayList<>(batch.rejected());
    List<PendingEvent> duplicates = new ArrayList<>();
    int accepted = 0;
    List<Integer> unconfirmed = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      PendingEvent pending = batch.pendingEvents().get(i);
      switch (outcomes.get(i).join()) {
        case STORED -> {
          if (pending.first() == null) {
            accepted++;
          } else {
            duplicates.add(pending);
          }
        }
        case REFUSED -> rejected.add(new Rejection(pending.index(), REFUSED));
        case UNCONFIRMED -> unconfirmed.add(pending.index());
      }
    }
    rejected.sort(Comparator.comparingInt(Rejection::index));
    return new IngestResult(batch.received(), accepted, duplicates, rejected, unconfirmed);
  }

  /** Returns the message of the database, without the statement that the library puts before it. */
  private static String reason(@Nullable Throwable error) {
    Throwable root = error;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null ? "unknown" : String.valueOf(root.getMessage());
  }
}
