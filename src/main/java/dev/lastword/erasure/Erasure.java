package dev.lastword.erasure;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The erasure of a user, and its receipt, which says nothing about the user.
 *
 * @param from only rows from this time on; null for no limit
 * @param to only rows before this time; null for no limit
 * @param requestedAt what the user did later stays
 * @param actor the administrator, as in the audit table
 * @param finishedAt null while it is not finished
 */
public record Erasure(
    long id,
    String tenant,
    @Nullable Instant from,
    @Nullable Instant to,
    Instant requestedAt,
    String actor,
    @Nullable Instant finishedAt,
    Erased erased) {

  /**
   * What was deleted so far.
   *
   * @param staged sessions that were typing
   * @param searches rows of the log of searches
   * @param events rows of the log of events, with their keys
   * @param deadLetters valid events that the database had refused
   * @param answers stored answers to requests with an {@code Idempotency-Key}
   * @param activeDays sets of active users, each of a day, that the user was removed from
   */
  @Schema(name = "Erased")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  public record Erased(
      long staged, long searches, long events, long deadLetters, long answers, long activeDays) {}

  public boolean isFinished() {
    return finishedAt != null;
  }
}
