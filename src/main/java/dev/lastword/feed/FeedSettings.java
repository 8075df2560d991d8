package dev.lastword.feed;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How streams are fed.
 *
 * @param keep how long a reader may stay away and still go on where it was
 */
@ConfigurationProperties("lastword.stream")
record FeedSettings(@Bindable(defaultValue = "1h") Duration keep) {

  FeedSettings {
    // A batch must have left the outbox before its position is forgotten.
    if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException(
          "lastword.stream.keep (%s) must be a minute at least".formatted(keep));
    }
  }
}
