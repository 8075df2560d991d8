package dev.lastword.stats;

import org.jspecify.annotations.Nullable;

/**
 * The events of a tenant to aggregate.
 *
 * @param topic null for all topics
 * @param userId null for all users
 * @param path of the number in the payload; null for column {@code value}
 */
record EventSelection(
    int tenantId,
    @Nullable String topic,
    @Nullable String userId,
    @Nullable PayloadPath path,
    Days days) {

  /** Returns whether {@code daily_topic} has the answer. */
  boolean isCounted() {
    return userId == null && path == null && days.isUtc();
  }
}
