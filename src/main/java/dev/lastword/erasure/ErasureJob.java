package dev.lastword.erasure;

import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resumes erasures that are not finished, on all nodes: their transactions exclude each other, so
 * that needs no other lock.
 */
@Singleton
class ErasureJob {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureJob.class);
  private static final long LONGEST_RUN = TimeUnit.SECONDS.toNanos(5);

  private final Erasures erasures;
  private boolean failing;

  ErasureJob(Erasures erasures) {
    this.erasures = erasures;
  }

  @Scheduled(fixedDelay = "2s")
  void run() {
    try {
      for (long id : erasures.unfinished()) {
        if (!erasures.run(id, LONGEST_RUN)) {
          break; // an older one first, in the next run
        }
        LOG.info("Erasure {} is finished", id);
      }
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.warn("Cannot erase, will retry: {}", e.toString());
      }
      failing = true;
    }
  }
}
