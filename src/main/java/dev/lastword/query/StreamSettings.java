package dev.lastword.query;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Bounds of the streams of this node.
 *
 * @param readers how many may be connected
 * @param window how many of the latest rows of a log are held for them; who falls behind further is
 *     dropped
 */
@ConfigurationProperties("lastword.stream")
record StreamSettings(
    @Bindable(defaultValue = "1000") int readers, @Bindable(defaultValue = "10000") int window) {

  StreamSettings {
    if (readers < 0 || window < 2 * LiveStream.PAGE) {
      throw new IllegalArgumentException(
          "lastword.stream.readers (%d) must be 0 at least, lastword.stream.window (%d) 1000"
              .formatted(readers, window));
    }
  }
}
