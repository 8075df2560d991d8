package dev.lastword.event.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Settings of deduplication.
 *
 * @param dedupWindow time that the keys of events are kept
 */
@ConfigurationProperties("lastword")
record DedupSettings(Duration dedupWindow) {}
