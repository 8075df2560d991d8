package dev.lastword.commit;

import io.micronaut.context.annotation.ConfigurationProperties;
import java.time.Duration;

/**
 * Settings of group commit.
 *
 * @param lanes number of threads that write in parallel, each with one connection
 * @param maxWait time that a request waits for its commit before it is answered with 503
 */
@ConfigurationProperties("lastword")
public record CommitSettings(int lanes, Duration maxWait) {}
