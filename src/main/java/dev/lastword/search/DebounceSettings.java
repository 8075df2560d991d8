package dev.lastword.search;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * When a typist has come to rest, and when a search is over.
 *
 * @param rest no keystroke for so long: the typist looked at the text
 * @param debounce no keystroke for so long: the typist is done, and the row may be promoted
 */
@ConfigurationProperties("lastword")
public record DebounceSettings(
    @Bindable(defaultValue = "1s") Duration rest,
    @Bindable(defaultValue = "5s") Duration debounce) {

  /** Longer windows than a day would keep searches out of the log for no use. */
  private static final Duration LONGEST = Duration.ofDays(1);

  public DebounceSettings {
    if (rest.isNegative() || debounce.compareTo(rest) < 0 || debounce.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "lastword.rest (%s) and lastword.debounce (%s) must be: 0 <= rest <= debounce <= 24h"
              .formatted(rest, debounce));
    }
  }

  /** The window as SQL counts it. */
  public long debounceMicros() {
    return debounce.toNanos() / 1_000;
  }
}
