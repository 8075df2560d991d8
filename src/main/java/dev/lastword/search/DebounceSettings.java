package dev.lastword.search;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * When a typist has come to rest, and when a search is over.
 *
 * @param rest no keystroke for so long: the typist looked at the text
 * @param debounce no keystroke for so long: the typist is done, and the row may be promoted; at
 *     least {@code rest}
 */
@ConfigurationProperties("lastword")
public record DebounceSettings(Duration rest, Duration debounce) {}
