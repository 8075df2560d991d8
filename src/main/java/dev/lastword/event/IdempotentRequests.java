package dev.lastword.event;

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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * Requests with an {@code Idempotency-Key}: carried out once, and answered each time as the first
 * time. As in the IETF's draft-ietf-httpapi-idempotency-key-header.
 */
@Singleton
class IdempotentRequests {
  static final String HEADER = "Idempotency-Key";
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
    // An event that is refused waits twice, see EventIngester.
    this.lease = settings.maxWait().multipliedBy(2).plus(MARGIN);
  }

  /**
   * Carries the request out unless it was before.
   *
   * @param work gets the ids for events that have none: always the same ones for the same request,
   *     so that one which a dying node left half done can be done again
   */
  CompletableFuture<HttpResponse<?>> once(
      int tenantId,
      String key,
      EventRequest request,
      Function<IntFunction<String>, CompletableFuture<HttpResponse<?>>> work) {
    if (key.isEmpty()
        || key.length() > IdempotencyKeys.MAX_LENGTH
        || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      return CompletableFuture.completedFuture(
          Problem.of(
              HttpStatus.BAD_REQUEST,
              HEADER + " must be 1 to 255 printable ASCII characters without blanks"));
    }
    IdempotencyKeys.Name name = IdempotencyKeys.Name.of(tenantId, key);
    // Off the thread of the connection: the body may be large, and the database is asked.
    return CompletableFuture.supplyAsync(() -> digest(request), threads)
        .thenCompose(
            digest ->
                claim(name, digest)
                    .thenCompose(
                        claim -> carryOut(name, claim, () -> work.apply(ids(name, digest)))));
  }

  /** Claims the key. Whoever waits no longer, because the database hangs, gives it back. */
  private CompletableFuture<IdempotencyKeys.Claim> claim(IdempotencyKeys.Name name, byte[] digest) {
    var claim = CompletableFuture.supplyAsync(() -> keys.claim(name, digest, lease), threads);
    return claim
        .copy()
        .orTimeout(maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            error -> {
              if (error instanceof TimeoutException) {
                claim.thenAcceptAsync(late -> release(name, late), threads);
                throw new CompletionException(
                    new SQLTransientException("No answer to a claim within " + maxWait, error));
              }
              throw new CompletionException(error);
            });
  }

  private void release(IdempotencyKeys.Name name, IdempotencyKeys.Claim claim) {
    if (claim instanceof IdempotencyKeys.Granted granted) {
      keys.release(name, granted.owner());
    }
  }

  /** Does the work if the claim was granted; frees the key if the work fails. */
  private CompletableFuture<HttpResponse<?>> carryOut(
      IdempotencyKeys.Name name,
      IdempotencyKeys.Claim claim,
      Supplier<CompletableFuture<HttpResponse<?>>> work) {
    if (!(claim instanceof IdempotencyKeys.Granted granted)) {
      return CompletableFuture.completedFuture(refer(claim));
    }
    return CompletableFuture.supplyAsync(work, threads)
        .thenCompose(answer -> answer)
        .handleAsync(
            (answer, error) -> {
              if (error != null) {
                keys.release(name, granted.owner());
                throw new CompletionException(error);
              }
              return keep(name, granted.owner(), answer);
            },
            threads);
  }

  /** A request that could not be carried out may come again under its key. */
  private HttpResponse<?> keep(IdempotencyKeys.Name name, long owner, HttpResponse<?> answer) {
    if (answer.code() >= 500) {
      keys.release(name, owner);
    } else {
      keys.answer(name, owner, answer.code(), text(answer));
    }
    return answer;
  }

  private static HttpResponse<?> refer(IdempotencyKeys.Claim claim) {
    if (claim instanceof IdempotencyKeys.Answered first) {
      return HttpResponse.status(HttpStatus.valueOf(first.status()))
          .body(first.answer())
          .contentType(
              first.status() < 300
                  ? MediaType.APPLICATION_JSON_TYPE
                  : MediaType.APPLICATION_JSON_PROBLEM_TYPE)
          .header(REPLAYED, "true");
    }
    if (claim instanceof IdempotencyKeys.UnderWay) {
      return Problem.of(
              HttpStatus.CONFLICT, "a request with this " + HEADER + " is being carried out")
          .header(HttpHeaders.RETRY_AFTER, "1");
    }
    return Problem.of(
        HttpStatus.UNPROCESSABLE_ENTITY, "this " + HEADER + " came with another request before");
  }

  private String text(HttpResponse<?> answer) {
    try {
      return json.writeValueAsString(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IntFunction<String> ids(IdempotencyKeys.Name name, byte[] digest) {
    String request =
        name.tenantId() + ":" + name.key() + ":" + HexFormat.of().formatHex(digest) + ":";
    return index ->
        UUID.nameUUIDFromBytes((request + index).getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static byte[] digest(EventRequest request) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          "%s %s %s\n"
              .formatted(request.endpoint(), request.lines(), request.onDuplicate())
              .getBytes(StandardCharsets.UTF_8));
      return digest.digest(request.body());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has it", e);
    }
  }
}
