package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.ValueSummary;
import dev.lastword.event.store.EventWrite.DeadLetter;
import dev.lastword.event.store.EventWrite.RejectedCount;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;

/** Sums up what a batch adds to the daily counts, so that each row is written once. */
final class BatchCounts {
  private final Map<DailyTopics.Key, DailyTopics.Sum> topics = new HashMap<>();

  void stored(PendingEvent pending) {
    ValueSummary amount = ValueSummary.of(pending.event().value());
    DailyTopics.Key topic = pending.event().key().count(pending.at().toLocalDate());
    add(new DailyTopics.Sum(topic, amount, 0, 0, 0));
  }

  /** Counts the event if it is a duplicate. */
  void repeated(PendingEvent pending) {
    if (pending.first() != null) {
      DailyTopics.Key topic = pending.event().key().count(pending.at().toLocalDate());
      add(new DailyTopics.Sum(topic, ValueSummary.NONE, 1, pending.isChanged() ? 1 : 0, 0));
    }
  }

  void rejected(DeadLetter letter, LocalDateTime now) {
    add(
        new DailyTopics.Sum(
            letter.event().key().count(now.toLocalDate()), ValueSummary.NONE, 0, 0, 1));
  }

  void rejected(RejectedCount refused, LocalDateTime now) {
    DailyTopics.Key topic =
        DailyTopics.Key.of(
            refused.bucket(), refused.tenantId(), now.toLocalDate(), refused.topic());
    add(new DailyTopics.Sum(topic, ValueSummary.NONE, 0, 0, refused.count()));
  }

  void addTo(DailyTopics dailyTopics) {
    if (!topics.isEmpty()) {
      dailyTopics.add(topics.values());
    }
  }

  private void add(DailyTopics.Sum sum) {
    topics.merge(sum.key(), sum, DailyTopics.Sum::plus);
  }
}
