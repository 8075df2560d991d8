package dev.lastword.idempotency;

import dev.lastword.commit.CommitSettings;
import dev.lastword.http.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Carries out requests with an {@code Idempotency-Key} once, and answers repeats with the first
 * answer, as described in the IETF's draft-ietf-httpapi-idempotency-key-header.
 */
@Singleton
public class IdempotentRequests {
  public static final String HEADER = "Idempotency-Key";
  static final String REPLAYED = "Idempotency-Replayed";
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final IdempotencyKeys keys;
  private final JsonMapper json;
  private final ExecutorService threads;
  private final Duration maxWait;
  private final Duration lease;

  IdempotentRequests(
      IdempotencyKeys keys,
      JsonMapper json,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads,
      CommitSettings settings) {
    this.keys = keys;
    this.json = json;
    this.threads = threads;
    this.maxWait = settings.maxWait();
    // A row that the database refuses waits twice: as itself, then as a dead letter.
    this.lease = settings.maxWait().multipliedBy(2).plus(MARGIN);
  }

  /**
   * Carries the request out unless it was carried out before.
   *
   * @param namespace put before the header, so that it is another key than the same in another
   *     namespace; up to 25 printable ASCII characters
   * @param header the value of the header
   * @param digest returns a digest of the whole request; called on another thread
   * @param work carries the request out. It gets ids for rows that have none, by their index:
   *     always the same ones for the same request, so that a repeat can complete what a node that
   *     died left unfinished
   */
  public CompletableFuture<HttpResponse<?>> once(
      int tenantId,
      String namespace,
      String header,
      Supplier<byte[]> digest,
      Function<IntFunction<String>, CompletableFuture<HttpResponse<?>>> work) {
    if (header.isEmpty()
        || header.length() > IdempotencyKeys.MAX_LENGTH
        || header.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return CompletableFuture.completedFuture(
          Problem.of(
              HttpStatus.BAD_REQUEST,
              HEADER + " must be 1 to 255 printable ASCII characters without blanks."));
    }
    IdempotencyKeys.Key key = IdempotencyKeys.Key.of(tenantId, namespace + header);
    // Not on the connection's thread: the body may be large, and the claim blocks.
    return CompletableFuture.supplyAsync(digest, threads)
        .thenCompose(
            request ->
                claim(key, request)
                    .thenCompose(
                        claim -> carryOut(key, claim, () -> work.apply(ids(key, request)))));
  }

  /** Claims the key; releases it if the answer of a hanging database comes too late. */
  private CompletableFuture<IdempotencyKeys.Claim> claim(IdempotencyKeys.Key key, byte[] request) {
    var claim = CompletableFuture.supplyAsync(() -> keys.claim(key, request, lease), threads);
    return claim
        .copy()
        .orTimeout(maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            error -> {
              if (error instanceof TimeoutException) {
                claim.thenAcceptAsync(late -> release(key, late), threads);
                throw new CompletionException(
                    new SQLTransientException("No answer to a claim within " + maxWait, error));
              }
              throw new CompletionException(error);
            });
  }

  private void release(IdempotencyKeys.Key key, IdempotencyKeys.Claim claim) {
    if (claim instanceof IdempotencyKeys.Granted granted) {
      keys.release(key, granted.owner());
    }
  }

  /** Does the work if the claim was granted; releases the key if the work fails. */
  private CompletableFuture<HttpResponse<?>> carryOut(
      IdempotencyKeys.Key key,
      IdempotencyKeys.Claim claim,
      Supplier<CompletableFuture<HttpResponse<?>>> work) {
    if (!(claim instanceof IdempotencyKeys.Granted granted)) {
      return CompletableFuture.completedFuture(replay(claim));
    }
    return CompletableFuture.supplyAsync(work, threads)
        .thenCompose(answer -> answer)
        .handleAsync(
            (answer, error) -> {
              if (error != null) {
                keys.release(key, granted.owner());
                throw new CompletionException(error);
              }
              return store(key, granted.owner(), answer);
            },
            threads);
  }

  /** Stores the answer; after a server error the request may be repeated under its key. */
  private HttpResponse<?> store(IdempotencyKeys.Key key, long owner, HttpResponse<?> answer) {
    if (answer.code() >= 500) {
      keys.release(key, owner);
    } else {
      keys.answer(key, owner, answer.code(), text(answer));
    }
    return answer;
  }

  private static HttpResponse<?> replay(IdempotencyKeys.Claim claim) {
    if (claim instanceof IdempotencyKeys.Answered first) {
      return HttpResponse.status(HttpStatus.valueOf(first.status()))
          .body(first.answer())
          .contentType(
              first.status() < 300
                  ? MediaType.APPLICATION_JSON_TYPE
                  : MediaType.APPLICATION_JSON_PROBLEM_TYPE)
          .header(REPLAYED, "true");
    }
    if (claim instanceof IdempotencyKeys.InProgress) {
      return Problem.of(HttpStatus.CONFLICT, "A request with this " + HEADER + " is in progress.")
          .header(HttpHeaders.RETRY_AFTER, "1");
    }
    return Problem.of(
        HttpStatus.UNPROCESSABLE_ENTITY, "This " + HEADER + " was used with a different request.");
  }

  private String text(HttpResponse<?> answer) {
    try {
      return json.writeValueAsString(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IntFunction<String> ids(IdempotencyKeys.Key key, byte[] request) {
    String prefix =
        key.tenantId() + ":" + key.key() + ":" + HexFormat.of().formatHex(request) + ":";
    return index ->
        UUID.nameUUIDFromBytes((prefix + index).getBytes(StandardCharsets.UTF_8)).toString();
  }
}
