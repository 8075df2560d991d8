package dev.lastword.http.connection;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Limits of all requests.
 *
 * @param requestTimeout time for a request to arrive completely, from its first byte
 */
@ConfigurationProperties("lastword")
record RequestSettings(Duration requestTimeout) {}
