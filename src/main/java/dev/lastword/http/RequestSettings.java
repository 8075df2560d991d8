package dev.lastword.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Limits of every request.
 *
 * @param requestTimeout time for a request to arrive completely, from its first byte
 */
@ConfigurationProperties("lastword")
record RequestSettings(@Bindable(defaultValue = "30s") Duration requestTimeout) {

  RequestSettings {
    if (requestTimeout.isNegative() || requestTimeout.isZero()) {
      throw new IllegalArgumentException(
          "lastword.request-timeout (%s) must be positive".formatted(requestTimeout));
    }
  }
}
