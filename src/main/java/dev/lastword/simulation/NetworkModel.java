package dev.lastword.simulation;

import static dev.lastword.simulation.Behaviour.HELD_BACK;
import static dev.lastword.simulation.Behaviour.LATE;
import static dev.lastword.simulation.Behaviour.OVERTAKEN;
import static dev.lastword.simulation.Behaviour.REPEATED;

import dev.lastword.simulation.SearchBox.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The network between a person's page and the server. Times are in milliseconds. */
final class NetworkModel {

  private final SeededRandom random;
  private final long skew;
  private final long latency;

  NetworkModel(SeededRandom random) {
    this.random = random;
    // Most clocks are off by a fraction of a second, some by minutes.
    skew = random.happens(0.8) ? random.between(-200, 200) : random.between(-600_000, 600_000);
    latency = random.millis(60, 0.6);
  }

  /** Returns each change as a request, in the order of arrival. */
  List<SimulatedRequest> send(List<Change> changes) {
    long end = changes.get(changes.size() - 1).at();
    long away = random.does(HELD_BACK) ? random.between(0, (int) end) : Long.MAX_VALUE;
    long back = away == Long.MAX_VALUE ? away : away + random.millis(4000, 0.7);
    List<SimulatedRequest> requests = new ArrayList<>();
    for (Change change : changes) {
      long sent = change.at() >= away && change.at() < back ? back : change.at();
      long arrives = sent + latency + random.millis(8, 1.0);
      if (random.does(OVERTAKEN)) {
        arrives += random.millis(400, 0.6);
      }
      if (random.does(LATE)) {
        long late = arrives + random.between(2_000, 12_000);
        if (random.happens(0.5)) {
          requests.add(request(change, late));
        } else {
          arrives = late;
        }
      }
      requests.add(request(change, arrives));
      if (random.does(REPEATED)) {
        requests.add(request(change, arrives + random.between(1000, 3000)));
      }
    }
    requests.sort(Comparator.comparingLong(SimulatedRequest::arrives));
    return requests;
  }

  private SimulatedRequest request(Change change, long arrives) {
    return new SimulatedRequest(arrives, change.at() + skew, change.text(), change.submitted());
  }
}
