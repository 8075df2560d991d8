package dev.lastword.ops;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.exceptions.ConfigurationException;
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
class Retention {

  private final @Nullable Duration kept;

  Retention(@Property(name = "lastword.retention") @Nullable Duration kept) {
    // In this notation m is minutes: 6m, meant as half a year, would empty the log.
    if (kept != null && kept.compareTo(Duration.ofDays(1)) < 0) {
      throw new ConfigurationException(
          "lastword.retention is %s; it has to be a day at least, for example 90d".formatted(kept));
    }
    this.kept = kept;
  }

  Optional<Duration> kept() {
    return Optional.ofNullable(kept);
  }
}
