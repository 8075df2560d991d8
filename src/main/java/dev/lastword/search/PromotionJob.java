package dev.lastword.search;

import dev.lastword.database.DatabaseFailure;
import dev.lastword.database.SchemaVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Promotes every second, on one node at a time. After failures it waits a second, then two each
 * time, so that searches are logged soon when the database works again. {@link PromotionHealth}
 * reports failures; the log has the first of a series, the second, the fourth, and so on.
 */
@Singleton
@Requires(property = "lastword.promotion.enabled", notEquals = "false")
class PromotionJob {
  private static final Logger LOG = LoggerFactory.getLogger(PromotionJob.class);
  // Time after which another node takes over from one that died.
  private static final Duration LOCK_AT_MOST = Duration.ofSeconds(3);
  // A run ends before its lock expires. The next run, which starts at once, does the rest.
  private static final long LONGEST_RUN = TimeUnit.SECONDS.toNanos(2);
  private static final int LONGEST_PAUSE_SECONDS = 2;

  private final LockProvider locks;
  private final Promoter promoter;
  private final SchemaVersion schema;
  private final StagingScan scan = new StagingScan();
  private final StagingScan latest = new StagingScan();
  private final Counter failed;
  private int failures;
  private long notBefore = System.nanoTime();
  private volatile @Nullable String problem;

  PromotionJob(
      LockProvider locks, Promoter promoter, SchemaVersion schema, MeterRegistry registry) {
    this.locks = locks;
    this.promoter = promoter;
    this.schema = schema;
    this.failed =
        Counter.builder("lastword.promotion.failures")
            .description("runs that failed")
            .register(registry);
  }

  @Scheduled(fixedRate = "1s")
  synchronized void run() {
    if (System.nanoTime() - notBefore < 0) {
      return;
    }
    try {
      schema.requireKnown();
      locks
          .lock(new LockConfiguration(Instant.now(), "promotion", LOCK_AT_MOST, Duration.ZERO))
          .ifPresent(this::promoteAndUnlock);
      succeed();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Returns why the last run failed, null if it did not. */
  @Nullable String problem() {
    return problem;
  }

  private void promoteAndUnlock(SimpleLock lock) {
    try {
      long start = System.nanoTime();
      boolean more = true;
      while (more && System.nanoTime() - start < LONGEST_RUN) {
        more = promoter.promote(scan);
        if (more && scan.isBehind()) {
          promoter.promoteLatest(latest);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void succeed() {
    if (failures > 0) {
      LOG.info("Promotion works again after {} failures", failures);
      failures = 0;
      problem = null;
    }
  }

  private void fail(RuntimeException error) {
    failures++;
    failed.increment();
    int pause = Math.min(LONGEST_PAUSE_SECONDS, failures);
    long jitter = ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(500));
    notBefore = System.nanoTime() + TimeUnit.SECONDS.toNanos(pause) - jitter;
    problem =
        error instanceof DatabaseFailure ? error.getMessage() : error.getClass().getSimpleName();
    if (Integer.bitCount(failures) == 1) {
      LOG.warn("Promotion failed ({} times in a row), will retry: {}", failures, error.toString());
    }
  }
}
