package dev.lastword.search;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Settings of the debounce.
 *
 * @param rest pause after which a text counts as read by the typist
 * @param debounce pause after which the typist is done and the row may be promoted; at least {@code
 *     rest}
 */
@ConfigurationProperties("lastword")
public record DebounceSettings(Duration rest, Duration debounce) {}
