package dev.lastword.feed;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How streams are fed.
 *
 * @param keep how long a reader may stay away and still go on where it was
 */
@ConfigurationProperties("lastword.stream")
record FeedSettings(Duration keep) {}
