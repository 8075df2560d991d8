package dev.lastword.event;

import dev.lastword.event.store.PendingEvent;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.Problem.Rejection;
import java.util.List;

/**
 * What became of the events of a request. Received = accepted + duplicates + rejected +
 * unconfirmed.
 *
 * @param accepted how many are new, and stored
 * @param duplicates those that were stored before, in the order of the request
 * @param rejected those that are not valid, or that the database refused
 * @param unconfirmed how many may be stored or not: to be sent again
 */
record IngestResult(
    int received,
    int accepted,
    List<PendingEvent> duplicates,
    List<Rejection> rejected,
    int unconfirmed) {

  IngestOutcome outcome() {
    return new IngestOutcome(accepted, duplicates.size(), rejected, unconfirmed);
  }
}
