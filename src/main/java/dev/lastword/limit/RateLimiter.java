package dev.lastword.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lastword.access.Caller;
import dev.lastword.http.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Applies a limit to each of many senders: a token bucket for each, of which a request takes one.
 * The buckets are in Redis if there is one, otherwise, or while it is unavailable, in memory.
 *
 * <p>All responses say what is left, by the draft of the IETF
 * (draft-ietf-httpapi-ratelimit-headers): {@code RateLimit-Policy} has the quota and its window,
 * {@code RateLimit} what remains of it and the seconds until it is complete again.
 */
final class RateLimiter {
  static final String REMAINING = "X-RateLimit-Remaining";

  /** Beyond it, senders that were not seen for long begin anew. */
  private static final int MAX_SENDERS = 100_000;

  private final RateLimit limit;
  private final @Nullable SharedBuckets shared;
  private final String attribute;
  private final MeterProvider<Counter> exceeded;
  private final Cache<String, Bucket> buckets;

  /**
   * @param shared null if each node limits alone
   */
  RateLimiter(RateLimit limit, @Nullable SharedBuckets shared, MeterRegistry meters) {
    this.limit = limit;
    this.shared = shared;
    this.attribute = RateLimiter.class.getName() + "." + limit.name();
    this.exceeded =
        Counter.builder("rate.limit.exceeded")
            .description("requests that were answered with 429")
            .tag("limit", limit.name())
            .withRegistry(meters);
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_SENDERS)
            // A bucket that was not used for its period is full, like a new one.
            .expireAfterAccess(limit.period().plus(Duration.ofSeconds(1)))
            .build();
  }

  /**
   * Takes a request of a sender.
   *
   * @return the response if it is one too many, otherwise empty
   */
  CompletableFuture<Optional<HttpResponse<?>>> take(HttpRequest<?> request, String sender) {
    CompletableFuture<ConsumptionProbe> inRedis =
        shared == null ? null : shared.take(limit, sender);
    if (inRedis == null) {
      return CompletableFuture.completedFuture(answer(request, takeHere(sender)));
    }
    return inRedis
        .exceptionally(unavailable -> takeHere(sender))
        .thenApply(probe -> answer(request, probe));
  }

  private ConsumptionProbe takeHere(String sender) {
    return buckets.get(sender, missing -> limit.newBucket()).tryConsumeAndReturnRemaining(1);
  }

  private Optional<HttpResponse<?>> answer(HttpRequest<?> request, ConsumptionProbe probe) {
    if (probe.isConsumed()) {
      request.setAttribute(attribute, probe);
      return Optional.empty();
    }
    exceeded.withTag("tenant", tenant(request)).increment();
    long wait = seconds(probe.getNanosToWaitForRefill());
    MutableHttpResponse<Problem> response =
        Problem.of(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many requests: the limit by %s is %s. Retry in %d s."
                .formatted(limit.name(), limit.text(), wait));
    response.header(HttpHeaders.RETRY_AFTER, Long.toString(wait));
    describe(probe, response);
    return Optional.of(response);
  }

  /** Returns the tenant of the key; an address has none, which Prometheus writes as empty. */
  private static String tenant(HttpRequest<?> request) {
    return Caller.of(request).map(Caller::tenantId).map(String::valueOf).orElse("");
  }

  /** Adds what is left to the response of a request that was taken. */
  void describe(HttpRequest<?> request, MutableHttpResponse<?> response) {
    request
        .getAttribute(attribute, ConsumptionProbe.class)
        .ifPresent(probe -> describe(probe, response));
  }

  private void describe(ConsumptionProbe probe, MutableHttpResponse<?> response) {
    response.header(
        "RateLimit-Policy",
        "\"%s\";q=%d;w=%d".formatted(limit.name(), limit.requests(), limit.period().toSeconds()));
    response.header(
        "RateLimit",
        "\"%s\";r=%d;t=%d"
            .formatted(
                limit.name(), probe.getRemainingTokens(), seconds(probe.getNanosToWaitForReset())));
    // Of several limits, the one that is reached first.
    long remaining =
        response
            .getHeaders()
            .getFirst(REMAINING, Long.class)
            .filter(other -> other < probe.getRemainingTokens())
            .orElse(probe.getRemainingTokens());
    response.getHeaders().set(REMAINING, Long.toString(remaining));
  }

  private static long seconds(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
  }
}
