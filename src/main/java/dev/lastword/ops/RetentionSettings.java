package dev.lastword.ops;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Setting {@code lastword.retention}: time that logs are kept, for example {@code 90d} or {@code
 * P90D}; forever by default. Whole months are dropped, so a row lives up to a month longer. The
 * counts have a retention of their own.
 */
@Singleton
class RetentionSettings {

  private final @Nullable Duration kept;

  RetentionSettings(@Property(name = "lastword.retention") @Nullable Duration kept) {
    this.kept = kept;
  }

  Optional<Duration> kept() {
    return Optional.ofNullable(kept);
  }
}
