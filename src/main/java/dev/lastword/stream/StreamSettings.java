package dev.lastword.stream;

import io.micronaut.context.annotation.ConfigurationProperties;

/**
 * Limits of the streams of this node.
 *
 * @param readers maximum number of subscribers
 * @param window number of latest rows of a log that are kept for them; a subscriber that falls
 *     further behind is dropped
 */
@ConfigurationProperties("lastword.stream")
record StreamSettings(int readers, int window) {}
