package dev.lastword.load.typists;

import dev.lastword.simulation.Behaviour;
import dev.lastword.simulation.SimulatedRequest;
import dev.lastword.simulation.SimulatedSession;
import dev.lastword.simulation.Typist;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person who comes to the search box during the run, types for a while and leaves.
 *
 * @param session its id in the log, unique to the run
 * @param user null for every second person
 * @param comes milliseconds since the run began
 */
record Person(String session, @Nullable String user, long comes, SimulatedSession typed) {

  /**
   * Creates a person who stays for at least half of the run, and comes early enough for that.
   *
   * @param behaviours what else the person may do
   */
  static Person of(String run, long seed, int number, int seconds, Set<Behaviour> behaviours) {
    long own = seed * 1_000_000 + number;
    int length = seconds * 1_000;
    int stays = length / 2 + new Random(own).nextInt(length / 2);
    long comes = new Random(~own).nextInt(length - stays);
    return new Person(
        "typists-%s-%d".formatted(run, number),
        number % 2 == 0 ? "typist-" + number : null,
        comes,
        new Typist(own, behaviours).session(Duration.ofMillis(stays)));
  }

  /** Returns when the keystroke reaches the service, in milliseconds since the run began. */
  long arrives(SimulatedRequest request) {
    return comes + request.arrives();
  }
}
