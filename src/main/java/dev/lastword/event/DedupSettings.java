package dev.lastword.event;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long a repeat is known.
 *
 * @param dedupWindow how long the keys of events are kept
 */
@ConfigurationProperties("lastword")
record DedupSettings(@Bindable(defaultValue = "30d") Duration dedupWindow) {

  DedupSettings {
    if (dedupWindow.compareTo(Duration.ofHours(1)) < 0) {
      throw new IllegalArgumentException(
          "lastword.dedup-window (%s) must be an hour at least".formatted(dedupWindow));
    }
  }
}
