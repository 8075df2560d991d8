package dev.lastword.event.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.commit.BatchNumber;
import dev.lastword.database.DatabaseError;
import dev.lastword.event.LoggedEvents;
import dev.lastword.event.store.EventWrite.RejectedCount;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests one transaction of a lane. */
@MicronautTest(transactional = false)
@Property(name = "lastword.jobs.enabled", value = "false")
class EventWriterTest {
  private static final AtomicLong IDS = new AtomicLong(System.currentTimeMillis() << 22);
  private static final LocalDateTime DAY = LocalDateTime.parse("2025-10-12T23:59:59.999");

  @Inject EventWriter writer;
  @Inject LoggedEvents logged;

  private final String topic = "t-" + UUID.randomUUID();

  @Test
  void aBatchWhoseAnswerWasLostIsNew() {
    List<EventWrite> entries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      entries.add(pending("e" + i, "u", 2));
    }
    PendingEvent repeat = pending("e0", "u", 2);
    entries.add(repeat);
    entries.add(new RejectedCount(7, 1, topic, 3));
    BatchNumber lost = BatchNumber.first(0);
    writer.write(lost, entries);
    assertThat(writer.settle(lost)).isTrue();
    PendingEvent late = pending("late", "u", 2);
    entries.add(late);
    writer.write(lost.next(), List.of(late));
    assertThat(writer.settle(lost.next())).isTrue();
    assertThat(entries)
        .allMatch(
            entry ->
                !(entry instanceof PendingEvent pending)
                    || (pending.first() == null) == (pending != repeat));
    assertThat(logged.ofTopic(topic)).hasSize(6);
    assertThat(sum("daily_topic", "events")).isEqualTo(6);
    assertThat(sum("daily_topic", "duplicates")).isEqualTo(1);
    assertThat(sum("daily_topic", "rejected")).isEqualTo(3);
    assertThat(sum("daily_topic", "value_sum")).isEqualTo(12);
  }

  @Test
  void onlyTheOwnIdMakesAnEventNew() {
    PendingEvent first = pending("e", null, 1);
    PendingEvent again = pending("e", null, 1);
    PendingEvent otherwise = pending("e", null, 3);
    writer.write(BatchNumber.first(0), List.of(again, first, otherwise));
    assertThat(again.first()).isNull();
    assertThat(first.first()).isNotNull();
    writer.write(BatchNumber.first(0), List.of(first));
    EventKey.Stored stored = Objects.requireNonNull(first.first());
    assertThat(stored.id()).isEqualTo(again.event().id());
    assertThat(stored.occurredAt()).isEqualTo(DAY);
    assertThat(sum("daily_topic", "duplicates")).isEqualTo(3);
    assertThat(sum("daily_topic", "changed")).isEqualTo(1);
  }

  @Test
  void anIdThatAnotherRowHasIsReplaced() {
    PendingEvent first = pending("e", null, 1);
    logged.execute(
        """
        INSERT INTO feed_outbox (bucket, id, feed, size, earliest, latest, row_keys)
        VALUES (%d, %d, 2, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), '')
        """
            .formatted(first.event().key().bucket(), first.event().id()));
    assertThatThrownBy(() -> writer.write(BatchNumber.first(0), List.of(first)))
        .matches(error -> DatabaseError.of(error) == DatabaseError.CONFLICT);
    writer.write(BatchNumber.first(0), List.of(first));
    assertThat(first.first()).isNull();
    assertThat(logged.ofTopic(topic)).hasSize(1);
    logged.execute("DELETE FROM feed_outbox");
  }

  @Test
  void aRefusedBatchLeavesNoRows() {
    // longer than validation allows
    PendingEvent bad = pending("b", "u".repeat(256), 1);
    assertThatThrownBy(() -> writer.write(BatchNumber.first(0), List.of(pending("a", "u", 1), bad)))
        .matches(error -> DatabaseError.of(error) == DatabaseError.DATA);
    assertThat(logged.ofTopic(topic)).isEmpty();
    assertThat(logged.number("SELECT COUNT(*) FROM event_key WHERE topic = ?", topic)).isZero();
    assertThat(sum("daily_topic", "events")).isZero();
  }

  @Test
  void countsAreKeptByDayAndAddUp() {
    for (int i = 0; i < 3; i++) {
      List<EventWrite> entries = new ArrayList<>();
      for (int n = 0; n < 100; n++) {
        entries.add(pending("e" + i + "-" + n, n % 4 == 0 ? null : "u" + n % 4, n - 50));
      }
      entries.add(new RejectedCount(7, 1, topic, 5));
      writer.write(BatchNumber.first(0), entries);
    }
    assertThat(sum("daily_topic", "events")).isEqualTo(300);
    assertThat(sum("daily_topic", "rejected")).isEqualTo(15);
    assertThat(sum("daily_topic", "value_sum")).isEqualTo(-150);
    assertThat(sum("daily_topic", "value_count")).isEqualTo(300);
    assertThat(number("SELECT MIN(value_min) FROM daily_topic WHERE topic = ?")).isEqualTo(-50);
    assertThat(number("SELECT MAX(value_max) FROM daily_topic WHERE topic = ?")).isEqualTo(49);
    assertThat(number("SELECT COUNT(*) FROM daily_topic WHERE topic = ? AND day = '2025-10-12'"))
        .isBetween(1L, 8L);
  }

  private long sum(String table, String column) {
    return number("SELECT COALESCE(SUM(" + column + "), 0) FROM " + table + " WHERE topic = ?");
  }

  private long number(String sql) {
    return new BigDecimal(String.valueOf(logged.rows(sql, topic).get(0).values().iterator().next()))
        .longValueExact();
  }

  private PendingEvent pending(String id, @Nullable String user, int value) {
    return new PendingEvent(
        0,
        new Event(
            EventKey.of(1, topic, id),
            IDS.incrementAndGet(),
            DAY,
            null,
            user,
            null,
            null,
            BigDecimal.valueOf(value),
            null,
            null));
  }
}
