package dev.lastword.search;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Settings of the debounce.
 *
 * @param rest pause after which a text counts as read by the typist
 * @param debounce pause after which the typist is done and the row may be promoted; at least {@code
 *     rest}
 * @param amend pause within which what continues the session's last logged search completes it,
 *     instead of being another one; 0 for never
 */
@ConfigurationProperties("lastword")
public record DebounceSettings(Duration rest, Duration debounce, Duration amend) {

  /** Returns the pause up to which a typist has only passed a text, if the next one corrects it. */
  Duration passing() {
    return rest.multipliedBy(2);
  }
}
