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

  private final SeededRandom chance;
  private final long skew;
  private final long latency;

  NetworkModel(SeededRandom chance) {
    this.chance = chance;
    // Most clocks are off by a fraction of a second, some by minutes.
    skew = chance.happens(0.8) ? chance.between(-200, 200) : chance.between(-600_000, 600_000);
    latency = chance.millis(60, 0.6);
  }

  /** Returns each change as a request, in the order of arrival. */
  List<SimulatedRequest> deliver(List<Change> changes) {
    long end = changes.get(changes.size() - 1).at();
    long away = chance.does(HELD_BACK) ? chance.between(0, (int) end) : Long.MAX_VALUE;
    long back = away == Long.MAX_VALUE ? away : away + chance.millis(4000, 0.7);
    List<SimulatedRequest> deliveries = new ArrayList<>();
    for (Change change : changes) {
      long sent = change.at() >= away && change.at() < back ? back : change.at();
      long arrives = sent + latency + chance.millis(8, 1.0);
      if (chance.does(OVERTAKEN)) {
        arrives += chance.millis(400, 0.6);
      }
      if (chance.does(LATE)) {
        long late = arrives + chance.between(2_000, 12_000);
        if (chance.happens(0.5)) {
          deliveries.add(delivery(change, late));
        } else {
          arrives = late;
        }
      }
      deliveries.add(delivery(change, arrives));
      if (chance.does(REPEATED)) {
        deliveries.add(delivery(change, arrives + chance.between(1000, 3000)));
      }
    }
    deliveries.sort(Comparator.comparingLong(SimulatedRequest::arrives));
    return deliveries;
  }

  private SimulatedRequest delivery(Change change, long arrives) {
    return new SimulatedRequest(arrives, change.at() + skew, change.text(), change.submitted());
  }
}
