package dev.lastword.stream;

import org.jspecify.annotations.Nullable;

/**
 * The rows that a subscriber wants.
 *
 * @param topic of events; null for all
 */
record StreamFilter(int tenantId, @Nullable String topic) {

  boolean wants(StreamEntry entry) {
    return entry.tenantId() == tenantId && (topic == null || topic.equals(entry.topic()));
  }
}
