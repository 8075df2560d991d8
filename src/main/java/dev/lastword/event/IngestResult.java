package dev.lastword.event;

import dev.lastword.event.store.PendingEvent;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.Problem.Rejection;
import java.util.List;

/**
 * The outcome of the events of a request. Received = accepted + duplicates + rejected +
 * unconfirmed.
 *
 * @param accepted number of events that are new and stored
 * @param duplicates the events that were stored before, in the order of the request
 * @param rejected the events that are not valid, or that the database refused
 * @param unconfirmed positions of events that may be stored or not, and must be sent again
 */
record IngestResult(
    int received,
    int accepted,
    List<PendingEvent> duplicates,
    List<Rejection> rejected,
    List<Integer> unconfirmed) {

  static final IngestResult EMPTY = new IngestResult(0, 0, List.of(), List.of(), List.of());

  IngestOutcome outcome() {
    return new IngestOutcome(accepted, duplicates.size(), rejected, unconfirmed);
  }
}
