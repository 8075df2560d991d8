package dev.lastword.rollup;

import dev.lastword.rollup.RollupProgress.State;
import dev.lastword.row.Timestamps;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the counts up to date before they are read. */
@Singleton
public class CountFreshness {
  private static final Logger LOG = LoggerFactory.getLogger(CountFreshness.class);
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1);

  /**
   * How complete the counts are.
   *
   * @param asOf everything that was committed before this time is counted
   * @param countsSince the first day whose counts are all kept
   * @param pastVersion changes with the counts of past days, and never returns
   */
  public record Freshness(Instant asOf, LocalDate countsSince, String pastVersion) {}

  private final RollupProgress progress;
  private final Rollup rollup;

  CountFreshness(RollupProgress progress, Rollup rollup) {
    this.progress = progress;
    this.rollup = rollup;
  }

  /**
   * Counts what was committed before the call, if that takes at most a second.
   *
   * @return how complete the counts are
   * @throws RuntimeException if the database cannot be read
   */
  public Freshness await() {
    State state = progress.read();
    LocalDateTime asOf = state.asOf();
    if (!state.isComplete()) {
      LocalDateTime request = state.now();
      boolean counted = count();
      state = progress.read();
      asOf = counted ? request : state.asOf();
    }
    return new Freshness(Timestamps.fromDatabase(asOf), state.countsSince(), state.pastVersion());
  }

  private boolean count() {
    try {
      return rollup.run(LONGEST_WAIT);
    } catch (RuntimeException e) {
      LOG.debug("Cannot count before reading", e);
      return false;
    }
  }
}
