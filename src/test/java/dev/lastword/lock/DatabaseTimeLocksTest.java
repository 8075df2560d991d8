package dev.lastword.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Value;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import org.junit.jupiter.api.Test;

@MicronautTest(transactional = false)
class DatabaseTimeLocksTest {

  @Inject LockProvider locks;

  @Value("${lastword.db.url}")
  String url;

  @Test
  void aHeldLockIsRefusedUntilItIsFreed() {
    var held = locks.lock(named("held", Duration.ofMinutes(1))).orElseThrow();
    assertThat(locks.lock(named("held", Duration.ofMinutes(1)))).isEmpty();
    held.unlock();
    assertThat(locks.lock(named("held", Duration.ofMinutes(1)))).isPresent();
  }

  @Test
  void theClockOfANodeDoesNotMatter() {
    // ShedLock passes the node's time. For a node that is an hour ahead, the lock must not be
    // expired.
    assertThat(locks.lock(named("clock", Duration.ofMinutes(1)))).isPresent();
    Instant ahead = Instant.now().plus(Duration.ofHours(1));
    assertThat(
            locks.lock(new LockConfiguration(ahead, "clock", Duration.ofMinutes(1), Duration.ZERO)))
        .isEmpty();
  }

  @Test
  void anExpiredLockPassesOnAndItsFormerHolderCannotFreeIt() {
    var expired = locks.lock(named("expired", Duration.ofMillis(50))).orElseThrow();
    try (ApplicationContext other = ApplicationContext.run(TestDatabase.settings(url))) {
      var otherLocks = other.getBean(LockProvider.class);
      await().until(() -> otherLocks.lock(named("expired", Duration.ofMinutes(1))).isPresent());
      expired.unlock();
      assertThat(locks.lock(named("expired", Duration.ofMinutes(1)))).isEmpty();
    }
  }

  @Test
  void aLockFromBeforeTheClockWasSetBackIsVoid() throws Exception {
    assertThat(locks.lock(named("back", Duration.ofMinutes(1)))).isPresent();
    TestDatabase.execute(
        url,
        "UPDATE shedlock SET lock_until = lock_until + INTERVAL 1 HOUR, locked_at = locked_at + INTERVAL 1 HOUR WHERE name = 'back'");
    assertThat(locks.lock(named("back", Duration.ofMinutes(1)))).isPresent();
    assertThat(locks.lock(named("back", Duration.ofMinutes(1)))).isEmpty();
  }

  @Test
  void oneOfManyGetsIt() throws Exception {
    var threads = Executors.newFixedThreadPool(8);
    try {
      AtomicInteger holders = new AtomicInteger();
      List<Callable<Void>> tries = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        tries.add(
            () -> {
              locks
                  .lock(named("many", Duration.ofMinutes(1)))
                  .ifPresent(lock -> holders.incrementAndGet());
              return null;
            });
      }
      for (var result : threads.invokeAll(tries)) {
        result.get();
      }
      assertThat(holders).hasValue(1);
    } finally {
      threads.shutdown();
    }
  }

  private static LockConfiguration named(String name, Duration atMost) {
    return new LockConfiguration(Instant.now(), name, atMost, Duration.ZERO);
  }
}
