package dev.lastword.limit;

import io.lettuce.core.RedisURI;

/** Checks settings of rate limits, before anything starts. */
public final class RateLimits {

  private RateLimits() {}

  /** Returns whether a text is a rate, such as 100/s. */
  public static boolean isRate(String text) {
    return RateLimit.FORM.matcher(text).matches();
  }

  /** Returns whether a text is the URI of a Redis. */
  public static boolean isRedis(String text) {
    try {
      RedisURI.create(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns whether a text is a list of addresses and networks, which may be empty. */
  public static boolean areNetworks(String text) {
    try {
      ClientAddress.networks(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
