package dev.lastword.feed;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Settings of the feed.
 *
 * @param keep time that positions are kept, so that a client can resume its stream
 */
@ConfigurationProperties("lastword.stream")
record FeedSettings(Duration keep) {}
