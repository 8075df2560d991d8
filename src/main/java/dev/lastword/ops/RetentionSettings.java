package dev.lastword.ops;

import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Setting {@code lastword.retention}: how long logs are kept, for example {@code 90d} or {@code
 * P90D}; without it for ever. Whole months go, so a row lives up to a month longer. Daily counts
 * are not logs: they stay.
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
