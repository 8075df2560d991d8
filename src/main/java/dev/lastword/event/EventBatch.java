package dev.lastword.event;

import dev.lastword.access.KeyRestrictions;
import dev.lastword.event.store.PendingEvent;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem.Rejection;
import dev.lastword.redaction.PayloadRedaction;
import dev.lastword.row.RowIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The events of a request. Received = pending events + rejected. */
final class EventBatch implements JsonRows.Batch<EventRow> {
  static final int MAX_EVENTS = 10_000;

  private final IngestEndpoint endpoint;
  private final int tenantId;
  private final KeyRestrictions restrictions;
  private final Instant now;
  private final RowIds ids;
  private final PayloadRedaction redaction;
  private final IntFunction<String> missingIds;
  private final List<PendingEvent> pendingEvents = new ArrayList<>();
  private final List<Rejection> rejected = new ArrayList<>();
  private final Map<String, Integer> receivedByTopic = new HashMap<>();
  private final Map<String, Integer> rejectedByTopic = new HashMap<>();
  private boolean isRequest;

  /**
   * @param missingIds returns the id for the event at a position of the request that has none
   */
  EventBatch(
      IngestEndpoint endpoint,
      int tenantId,
      KeyRestrictions restrictions,
      Instant now,
      RowIds ids,
      PayloadRedaction redaction,
      IntFunction<String> missingIds) {
    this.endpoint = endpoint;
    this.tenantId = tenantId;
    this.restrictions = restrictions;
    this.now = now;
    this.ids = ids;
    this.redaction = redaction;
    this.missingIds = missingIds;
  }

  @Override
  public EventRow begin() {
    return new EventRow(endpoint);
  }

  @Override
  public void add(EventRow row) throws InvalidBodyException {
    int index = received();
    if (index == MAX_EVENTS) {
      throw InvalidBodyException.tooLarge("A request may contain at most 10000 events.");
    }
    String problem = row.check(tenantId, now, redaction);
    String topic = row.topic();
    if (!restrictions.allowsTopic(topic)) {
      problem = "the API key may not write topic " + topic;
      topic = endpoint.topic; // it must not fill the counts with topics either
    }
    receivedByTopic.merge(topic, 1, Integer::sum);
    if (problem != null) {
      rejected.add(new Rejection(index, problem));
      rejectedByTopic.merge(topic, 1, Integer::sum);
      return;
    }
    isRequest = row.isRequest();
    String given = row.eventId();
    pendingEvents.add(
        new PendingEvent(
            index,
            row.event(
                tenantId,
                given == null ? missingIds.apply(index) : given,
                ids.next(now.toEpochMilli()))));
  }

  int tenantId() {
    return tenantId;
  }

  int received() {
    return pendingEvents.size() + rejected.size();
  }

  /** Returns the valid events, in the order of the request. */
  List<PendingEvent> pendingEvents() {
    return pendingEvents;
  }

  List<Rejection> rejected() {
    return rejected;
  }

  Map<String, Integer> receivedByTopic() {
    return receivedByTopic;
  }

  Map<String, Integer> rejectedByTopic() {
    return rejectedByTopic;
  }

  /** Returns whether the last event has its id from {@code request_id}. */
  boolean isRequest() {
    return isRequest;
  }
}
