package dev.lastword.rollup;

import dev.lastword.database.DatabaseFailure;
import dev.lastword.database.SchemaVersion;
import dev.lastword.rollup.RollupProgress.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the counts up to date, twice a second. Counts the sessions of days that are over. All nodes
 * run it; while nothing was logged, that is two reads.
 */
@Singleton
class RollupJob {
  private static final Logger LOG = LoggerFactory.getLogger(RollupJob.class);
  private static final long LONGEST_RUN = TimeUnit.SECONDS.toNanos(2);

  /** The counts of past days, which differ after midnight and after late rows. */
  private record Past(LocalDate today, String version) {}

  private final RollupProgress progress;
  private final Rollup rollup;
  private final SessionCounts sessions;
  private final SchemaVersion schema;
  private final Counter failed;
  // Used by run() alone.
  private @Nullable Past past;
  private @Nullable Past sessionsComplete;
  private volatile long complete = System.nanoTime();
  private volatile boolean behind;
  private volatile @Nullable String problem;

  RollupJob(
      RollupProgress progress,
      Rollup rollup,
      SessionCounts sessions,
      SchemaVersion schema,
      MeterRegistry registry) {
    this.progress = progress;
    this.rollup = rollup;
    this.sessions = sessions;
    this.schema = schema;
    this.failed =
        Counter.builder("lastword.rollup.failures")
            .description("runs that failed")
            .register(registry);
    Gauge.builder("lastword.rollup.lag", this, job -> job.lag().toMillis() / 1_000.0)
        .description("how long rows have been committed that are not counted")
        .baseUnit("seconds")
        .strongReference(true)
        .register(registry);
  }

  @Scheduled(fixedDelay = "500ms")
  void run() {
    try {
      schema.requireKnown();
      long start = System.nanoTime();
      boolean counted = rollup.run(LONGEST_RUN);
      behind = !counted;
      complete = counted ? start : complete;
      if (counted) {
        completePast(progress.read(), start + LONGEST_RUN);
      }
      if (problem != null) {
        LOG.info("Logged rows are counted again");
        problem = null;
      }
    } catch (RuntimeException e) {
      failed.increment();
      behind = true;
      if (problem == null) {
        LOG.warn("Cannot count logged rows, will retry: {}", e.toString());
      }
      problem = e instanceof DatabaseFailure ? e.getMessage() : e.getClass().getSimpleName();
    }
  }

  private void completePast(State state, long deadline) {
    Past now = new Past(state.now().toLocalDate(), state.pastVersion());
    // Not while an import goes on, which would have the same days counted again and again.
    boolean settled = now.equals(past);
    past = now;
    if (settled && !now.equals(sessionsComplete)) {
      sessionsComplete = sessions.complete(deadline - System.nanoTime()) ? now : null;
    }
  }

  /** Returns for how long there have been committed rows that are not counted; zero if all are. */
  Duration lag() {
    return behind ? Duration.ofNanos(System.nanoTime() - complete) : Duration.ZERO;
  }

  /** Returns why the last run failed, null if it did not. */
  @Nullable String problem() {
    return problem;
  }
}
