package dev.lastword.event;

import dev.lastword.daily.DailyTopics;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * Events of a topic that were not valid: only their number goes into the database, so that the
 * totals add up on all nodes.
 */
record Refusals(int bucket, int tenantId, String topic, int count) implements EventWrite {

  @Override
  public Collection<?> keys() {
    return List.of(DailyTopics.Key.of(bucket, tenantId, LocalDate.now(ZoneOffset.UTC), topic));
  }

  @Override
  public int bytes() {
    return 200;
  }
}
