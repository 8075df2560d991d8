package dev.lastword.simulation;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/** The dice of one simulated person; the same seed throws the same. */
final class SeededRandom {

  private final Random random;
  private final Set<Behaviour> behaviours;

  SeededRandom(long seed, Set<Behaviour> behaviours) {
    // Random throws alike for neighbouring seeds, and persons are numbered 1, 2, 3.
    this.random = new Random(new SplittableRandom(seed).nextLong());
    this.behaviours = behaviours;
  }

  /** Whether it happens now; never where the behaviour is left out. */
  boolean does(Behaviour behaviour) {
    return happens(behaviour.chance) && behaviours.contains(behaviour);
  }

  boolean happens(double chance) {
    return random.nextDouble() < chance;
  }

  /** A number from {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** Milliseconds as people take them: half of the times below the median, a few far above. */
  long millis(double median, double spread) {
    return Math.round(median * Math.exp(spread * random.nextGaussian()));
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
