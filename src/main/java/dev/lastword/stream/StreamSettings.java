package dev.lastword.stream;

import io.micronaut.context.annotation.ConfigurationProperties;

/**
 * Bounds of the streams of this node.
 *
 * @param readers how many may be connected
 * @param window how many of the latest rows of a log are held for them; who falls behind further is
 *     dropped
 */
@ConfigurationProperties("lastword.stream")
record StreamSettings(int readers, int window) {}
