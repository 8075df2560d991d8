package dev.lastword.lock;

import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.support.StorageBasedLockProvider;

/** Makes {@link DatabaseTimeLocks} the storage behind {@code @SchedulerLock}. */
@Factory
class Locks {

  @Singleton
  LockProvider lockProvider(DatabaseTimeLocks storage) {
    return new StorageBasedLockProvider(storage) {};
  }
}
