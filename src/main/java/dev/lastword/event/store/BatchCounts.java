package dev.lastword.event.store;

import dev.lastword.daily.DailyTopics;
import dev.lastword.daily.ValueSummary;
import dev.lastword.event.store.EventWrite.DeadLetter;
import dev.lastword.event.store.EventWrite.RejectedCount;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Sums up what a batch adds to the daily counts, so that each row is written once. */
final class BatchCounts {
  private final LocalDateTime now;
  private final Set<DailyTopics.Key> others;
  private final Map<DailyTopics.Key, DailyTopics.Sum> topics = new HashMap<>();

  /**
   * @param now time of the database
   * @param others the keys whose events are counted together
   */
  BatchCounts(LocalDateTime now, Set<DailyTopics.Key> others) {
    this.now = now;
    this.others = others;
  }

  void stored(PendingEvent pending) {
    add(pending, ValueSummary.of(pending.event().value()), 0, 0, 0);
  }

  /** Counts the event if it is a duplicate. */
  void repeated(PendingEvent pending) {
    if (pending.first() != null) {
      add(pending, ValueSummary.NONE, 1, pending.isChanged() ? 1 : 0, 0);
    }
  }

  void rejected(DeadLetter letter) {
    add(letter, ValueSummary.NONE, 0, 0, 1);
  }

  void rejected(RejectedCount refused) {
    add(refused, ValueSummary.NONE, 0, 0, refused.count());
  }

  void addTo(DailyTopics dailyTopics) {
    if (!topics.isEmpty()) {
      dailyTopics.add(topics.values());
    }
  }

  private void add(
      EventWrite entry, ValueSummary stored, long duplicates, long changed, long rejected) {
    DailyTopics.Key own = entry.countKey(now);
    DailyTopics.Key key = others.contains(own) ? own.other() : own;
    topics.merge(
        key,
        new DailyTopics.Sum(key, stored, duplicates, changed, rejected),
        DailyTopics.Sum::plus);
  }
}
