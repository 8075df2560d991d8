package dev.lastword.limit;

import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderBuildStage;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderCapacityStage;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A maximum rate of requests: as many at once, and then as many per period.
 *
 * @param name key or address
 * @param text as the setting has it, such as 100/s
 */
record RateLimit(String name, String text, long requests, Duration period) {
  /** What the settings allow: a number of up to nine digits per second, minute or hour. */
  static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})/([smh])");

  private static final Map<String, Duration> PERIODS =
      Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));

  /**
   * Parses a setting.
   *
   * @throws IllegalArgumentException if it does not have this form
   */
  static RateLimit parse(String name, String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text);
    }
    return new RateLimit(
        name,
        text,
        Long.parseLong(parts.group(1)),
        PERIODS.getOrDefault(parts.group(2), Duration.ZERO));
  }

  /** Returns a new bucket in memory. */
  Bucket newBucket() {
    return Bucket.builder().addLimit(this::bandwidth).build();
  }

  /** Returns the description of a bucket elsewhere. */
  BucketConfiguration configuration() {
    return BucketConfiguration.builder().addLimit(this::bandwidth).build();
  }

  private BandwidthBuilderBuildStage bandwidth(BandwidthBuilderCapacityStage limit) {
    return limit.capacity(requests).refillGreedy(requests, period);
  }
}
