package dev.lastword.commit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How rows are written.
 *
 * @param lanes threads that write side by side, each with one connection
 * @param maxWait how long a request may wait for its commit before it is answered with 503
 */
@ConfigurationProperties("lastword")
public record CommitSettings(
    @Bindable(defaultValue = "2") int lanes, @Bindable(defaultValue = "5s") Duration maxWait) {

  public CommitSettings {
    if (lanes < 1 || lanes > 64) {
      throw new IllegalArgumentException(
          "lastword.lanes (%d) must be from 1 to 64".formatted(lanes));
    }
    if (maxWait.isNegative() || maxWait.isZero()) {
      throw new IllegalArgumentException(
          "lastword.max-wait (%s) must be positive".formatted(maxWait));
    }
  }
}
