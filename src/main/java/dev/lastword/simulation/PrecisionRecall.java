package dev.lastword.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Compares the log of one or more sessions with what was meant. Letter case is ignored; each logged
 * text matches one that was meant.
 *
 * @param found meant and logged
 * @param missed meant, but not logged
 * @param extra logged, but not meant
 */
public record PrecisionRecall(List<String> found, List<String> missed, List<String> extra) {

  /** Returns the result of one session. */
  public static PrecisionRecall of(Collection<String> meant, Collection<String> logged) {
    PrecisionRecall score =
        new PrecisionRecall(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    logged.stream().map(GroundTruth::folded).forEach(score.extra::add);
    for (String text : meant) {
      (score.extra.remove(GroundTruth.folded(text)) ? score.found : score.missed).add(text);
    }
    return score;
  }

  /** Returns the result of many sessions. */
  public static PrecisionRecall sum(Collection<PrecisionRecall> scores) {
    return new PrecisionRecall(
        scores.stream().flatMap(score -> score.found.stream()).toList(),
        scores.stream().flatMap(score -> score.missed.stream()).toList(),
        scores.stream().flatMap(score -> score.extra.stream()).toList());
  }

  /** Returns the fraction of logged texts that were meant; 1 if none were logged. */
  public double precision() {
    return part(found.size(), extra.size());
  }

  /** Returns the fraction of meant texts that were logged; 1 if none were meant. */
  public double recall() {
    return part(found.size(), missed.size());
  }

  /** Returns the harmonic mean of both. */
  public double f1() {
    double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }

  private static double part(int found, int others) {
    return found + others == 0 ? 1 : (double) found / (found + others);
  }
}
