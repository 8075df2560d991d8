package dev.lastword.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.lettuce.AbstractRedisConfiguration;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buckets in Redis, which nodes share. It exists only if a URI is set.
 *
 * <p>No request waits longer than {@link #PATIENCE} for Redis; one for which that does not suffice
 * is limited by its node alone. If none is answered in time for a second, or the connection is
 * lost, Redis counts as unavailable: a request a second tries it, and the others do not wait. A few
 * late answers, as of a busy node, do not change that.
 */
@Singleton
@Requires(beans = AbstractRedisConfiguration.class)
class SharedBuckets {
  private static final Logger LOG = LoggerFactory.getLogger(SharedBuckets.class);
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);
  // Full buckets are deleted after this time.
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final int MAX_BUCKETS = 100_000;
  private static final int MAX_QUEUE = 10_000;
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  private final RedisClient client;
  private final RedisURI uri;
  private final AtomicLong nextTry = new AtomicLong(System.nanoTime());
  private volatile @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile @Nullable AsyncProxyManager<String> buckets;
  private volatile boolean available;
  // When the first of the requests came that were not answered in time; null if the last one was.
  private volatile @Nullable Long lateSince;
  private final Cache<String, AsyncBucketProxy> proxies =
      Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();

  SharedBuckets(RedisClient client, AbstractRedisConfiguration settings, MeterRegistry meters) {
    this.client = client;
    this.uri = settings.getUri().orElseThrow();
    client.setOptions(
        ClientOptions.builder()
            // Otherwise, commands would wait for the connection.
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MAX_QUEUE)
            // Commands that were not answered must not hold up later ones of their bucket.
            .timeoutOptions(TimeoutOptions.enabled(RETRY))
            .build());
    Gauge.builder("lastword.rate.limits.shared", this, shared -> shared.isAvailable() ? 1 : 0)
        .description("1 if nodes share rate limits, 0 while Redis is unavailable")
        .register(meters);
    mayTry();
  }

  /**
   * Takes a request of a sender.
   *
   * @return null if Redis is unavailable; the future fails if it turns out to be
   */
  @Nullable CompletableFuture<ConsumptionProbe> take(RateLimit limit, String sender) {
    if (!available && !mayTry()) {
      return null;
    }
    AsyncProxyManager<String> connected = buckets;
    if (connected == null) {
      return null;
    }
    // With the limit, so that a changed setting begins with new buckets.
    String key = "lastword:limit:%s:%s:%s".formatted(limit.name(), limit.text(), sender);
    return proxies
        .get(key, missing -> proxy(connected, key, limit))
        .tryConsumeAndReturnRemaining(1)
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((probe, failure) -> note(failure));
  }

  /**
   * Returns a bucket whose concurrent requests on this node go to Redis together. One by one, they
   * would compete to write it, and those of a busy key would take longer than they may.
   */
  private static AsyncBucketProxy proxy(
      AsyncProxyManager<String> connected, String key, RateLimit limit) {
    return connected
        .builder()
        .withOptimization(Optimizations.batching())
        .build(key, () -> CompletableFuture.completedFuture(limit.configuration()));
  }

  /** Returns whether the last request could be taken in Redis. */
  boolean isAvailable() {
    StatefulRedisConnection<String, byte[]> current = connection;
    return available && current != null && current.isOpen();
  }

  /** Lets one caller a second try; if there never was a connection, that begins one. */
  private boolean mayTry() {
    long now = System.nanoTime();
    long next = nextTry.get();
    if (now - next < 0 || !nextTry.compareAndSet(next, now + RETRY.toNanos())) {
      return false;
    }
    if (buckets == null) {
      connect();
    }
    return true;
  }

  private void connect() {
    client
        .connectAsync(CODEC, uri)
        .whenComplete(
            (connected, failure) -> {
              if (connected == null) {
                note(failure);
              } else if (buckets != null) {
                connected.closeAsync(); // another try was faster
              } else {
                connection = connected;
                buckets =
                    Bucket4jLettuce.casBasedBuilder(connected)
                        .expirationAfterWrite(
                            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
                        .build()
                        .asAsync();
                note(null);
              }
            });
  }

  private void note(@Nullable Throwable failure) {
    long now = System.nanoTime();
    boolean before = available;
    if (failure == null) {
      lateSince = null;
      available = true;
    } else {
      nextTry.set(now + RETRY.toNanos());
      Long since = lateSince;
      if (since == null) {
        lateSince = now;
      }
      if (failure instanceof TimeoutException && (since == null || now - since < RETRY.toNanos())) {
        return;
      }
      available = false;
    }
    if (before && failure != null) {
      LOG.warn("Redis unavailable, each node limits alone: {}", failure.toString());
    } else if (!before && failure == null) {
      LOG.info("Nodes share rate limits over Redis.");
    }
  }
}
