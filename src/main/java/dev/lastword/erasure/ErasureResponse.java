package dev.lastword.erasure;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receipt of an erasure, which says nothing about the user.
 *
 * @param id its number
 * @param tenant name of the tenant
 * @param state {@code running} or {@code finished}
 * @param from only rows from this time on; null for no limit
 * @param to only rows before this time; null for no limit
 * @param requestedAt what the user did later stays
 * @param finishedAt null while it is running
 * @param actor id of an API key; cli: and a user of the system; or anyone
 * @param erased what was deleted so far
 */
@Schema(name = "Erasure")
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record ErasureResponse(
    String id,
    String tenant,
    String state,
    @Nullable Instant from,
    @Nullable Instant to,
    Instant requestedAt,
    @Nullable Instant finishedAt,
    String actor,
    Erasure.Erased erased) {

  /** A page of receipts. */
  @Schema(name = "Erasures")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Page(List<ErasureResponse> items, @Nullable String nextCursor) {}

  static ErasureResponse of(Erasure erasure) {
    return new ErasureResponse(
        Long.toString(erasure.id()),
        erasure.tenant(),
        erasure.isFinished() ? "finished" : "running",
        erasure.from(),
        erasure.to(),
        erasure.requestedAt(),
        erasure.finishedAt(),
        erasure.actor(),
        erasure.erased());
  }
}
