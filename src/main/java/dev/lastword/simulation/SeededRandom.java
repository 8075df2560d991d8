package dev.lastword.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

/** The random choices of one simulated person, reproducible by the seed. */
final class SeededRandom {

  private final Random random;
  private final Set<Behaviour> behaviours;

  SeededRandom(long seed, Set<Behaviour> behaviours) {
    // Random returns similar numbers for neighbouring seeds, and persons are numbered 1, 2, 3.
    this.random = new Random(new SplittableRandom(seed).nextLong());
    this.behaviours = behaviours;
  }

  /** Returns whether it happens now; never if the behaviour is disabled. */
  boolean does(Behaviour behaviour) {
    return happens(behaviour.probability) && behaviours.contains(behaviour);
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  /** Returns a number from {@code low} to {@code high}, inclusive. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /**
   * Returns a human reaction time in milliseconds: half of them are below the median, a few far
   * above.
   */
  long millis(double median, double spread) {
    return Math.round(median * Math.exp(spread * random.nextGaussian()));
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /**
   * Returns a choice by its frequency.
   *
   * @param sums for each choice, the sum of the frequencies up to it
   */
  <T> T oneOf(List<T> choices, double[] sums) {
    int found = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
    return choices.get(found < 0 ? -1 - found : found);
  }

  <T> List<T> shuffled(List<T> choices) {
    List<T> shuffled = new ArrayList<>(choices);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
