package dev.lastword.event.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How long a repeat is known.
 *
 * @param dedupWindow how long the keys of events are kept
 */
@ConfigurationProperties("lastword")
record DedupSettings(Duration dedupWindow) {}
