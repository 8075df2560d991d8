package dev.lastword.limit;

import dev.lastword.access.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Limits requests by API key, also those with its tokens. It exists only if a limit is set. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(KeyLimitFilter.ORDER)
@Requires(property = KeyLimitFilter.SETTING)
class KeyLimitFilter {
  /** After the sender is known. */
  static final int ORDER = -5;

  static final String SETTING = "lastword.rate-limit.key";

  private final RateLimiter limiter;

  KeyLimitFilter(
      @Value("${" + SETTING + "}") String limit,
      @Nullable SharedBuckets shared,
      MeterRegistry meters) {
    limiter = new RateLimiter(RateLimit.parse("key", limit), shared, meters);
  }

  @RequestFilter
  CompletableFuture<Optional<HttpResponse<?>>> take(HttpRequest<?> request) {
    return Caller.of(request)
        .map(Caller::keyId)
        .map(key -> limiter.take(request, key))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  @ResponseFilter
  void describe(HttpRequest<?> request, MutableHttpResponse<?> response) {
    limiter.describe(request, response);
  }
}
