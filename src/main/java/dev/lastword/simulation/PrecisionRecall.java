package dev.lastword.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What was logged of one or more sessions, held against what was meant. Letter case does not count;
 * each logged text answers one that was meant.
 *
 * @param found meant and logged
 * @param missed meant, but not logged
 * @param extra logged, but not meant
 */
public record PrecisionRecall(List<String> found, List<String> missed, List<String> extra) {

  /** The score of one session. */
  public static PrecisionRecall of(Collection<String> meant, Collection<String> logged) {
    PrecisionRecall score =
        new PrecisionRecall(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    logged.stream().map(GroundTruth::folded).forEach(score.extra::add);
    for (String text : meant) {
      (score.extra.remove(GroundTruth.folded(text)) ? score.found : score.missed).add(text);
    }
    return score;
  }

  /** The score of many sessions. */
  public static PrecisionRecall sum(Collection<PrecisionRecall> scores) {
    return new PrecisionRecall(
        scores.stream().flatMap(score -> score.found.stream()).toList(),
        scores.stream().flatMap(score -> score.missed.stream()).toList(),
        scores.stream().flatMap(score -> score.extra.stream()).toList());
  }

  /** The part of what was logged that was meant; 1 where nothing was. */
  public double precision() {
    return part(found.size(), extra.size());
  }

  /** The part of what was meant that was logged; 1 where nothing was. */
  public double recall() {
    return part(found.size(), missed.size());
  }

  /** The harmonic mean of both. */
  public double f1() {
    double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }

  private static double part(int found, int others) {
    return found + others == 0 ? 1 : (double) found / (found + others);
  }
}
