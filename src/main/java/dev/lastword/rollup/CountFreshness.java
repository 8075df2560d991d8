package dev.lastword.rollup;

import dev.lastword.rollup.RollupHead.State;
import dev.lastword.row.Timestamps;
import jakarta.inject.Singleton;
import java.time.Instant;
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
   * @param daysToRecount days whose counts are not complete, after an upgrade
   */
  public record Freshness(Instant asOf, int daysToRecount) {}

  private final RollupHead head;
  private final Rollup rollup;

  CountFreshness(RollupHead head, Rollup rollup) {
    this.head = head;
    this.rollup = rollup;
  }

  /**
   * Counts what was committed before the call, if that takes at most a second.
   *
   * @return how complete the counts are
   * @throws RuntimeException if the database cannot be read
   */
  public Freshness await() {
    State state = head.state();
    if (!state.isComplete()) {
      try {
        if (rollup.run(state.now(), LONGEST_WAIT)) {
          return new Freshness(Timestamps.fromDatabase(state.now()), state.daysToRecount());
        }
      } catch (RuntimeException e) {
        LOG.debug("Cannot count before reading", e);
      }
      state = head.state();
    }
    return new Freshness(Timestamps.fromDatabase(state.asOf()), state.daysToRecount());
  }
}
