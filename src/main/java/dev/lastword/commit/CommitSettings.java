package dev.lastword.commit;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * How rows are written.
 *
 * @param lanes threads that write side by side, each with one connection
 * @param maxWait how long a request may wait for its commit before it is answered with 503
 */
@ConfigurationProperties("lastword")
public record CommitSettings(int lanes, Duration maxWait) {}
