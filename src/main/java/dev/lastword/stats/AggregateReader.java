package dev.lastword.stats;

import dev.lastword.daily.CountedTopic;
import dev.lastword.daily.ValueSummary;
import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Summarises events by day: from {@code daily_topic}, otherwise from {@code event_log}. */
@Singleton
class AggregateReader {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9].*");

  private final JdbcOperations jdbc;

  AggregateReader(@Named("reads") JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns the summary of each day that has events. */
  @Connectable("reads")
  Map<LocalDate, ValueSummary> perDay(EventSelection events) {
    if (events.isCounted()) {
      return counted(events);
    }
    requireLogged(events);
    return logged(events);
  }

  private Map<LocalDate, ValueSummary> counted(EventSelection events) {
    List<Object> values = new ArrayList<>(List.of(events.tenantId()));
    String days = days(events, values);
    return summaries(
        """
        SELECT day, SUM(events) AS events, SUM(value_count) AS value_count, SUM(value_sum) AS value_sum,
               MIN(value_min) AS value_min, MAX(value_max) AS value_max
        FROM daily_topic
        WHERE tenant_id = ? AND %s%s
        GROUP BY day
        HAVING events > 0
        """
            .formatted(days, and("topic = ?", events.topic(), values)),
        values);
  }

  /** The topic follows the day in the index, so the rows of one are found day by day. */
  private static String days(EventSelection events, List<Object> values) {
    LocalDate first = events.days().first();
    LocalDate last = events.days().last();
    if (events.topic() == null) {
      values.addAll(List.of(first, last));
      return "day >= ? AND day <= ?";
    }
    List<LocalDate> days = first.datesUntil(last.plusDays(1)).toList();
    values.addAll(days);
    return "day IN (?" + ",?".repeat(days.size() - 1) + ")";
  }

  /**
   * In Java, because the databases convert numbers of JSON differently, and know no time zones
   * unless someone has loaded them.
   */
  private Map<LocalDate, ValueSummary> logged(EventSelection events) {
    List<Object> values = new ArrayList<>();
    PayloadPath path = events.path();
    if (path != null) {
      values.add(path.sql());
    }
    Map<LocalDate, ValueSummary> days = new TreeMap<>();
    Select.forEach(
        jdbc,
        """
        SELECT occurred_at, %s AS number
        FROM event_log %s
        """
            .formatted(path == null ? "value" : "JSON_EXTRACT(payload, ?)", where(events, values)),
        values,
        row ->
            days.merge(
                events.days().at(row.getObject("occurred_at", LocalDateTime.class)).toLocalDate(),
                ValueSummary.of(number(row.getString("number"))),
                ValueSummary::plus));
    return days;
  }

  /** Returns the number; null for other JSON. */
  private static @Nullable BigDecimal number(@Nullable String json) {
    return json == null || !NUMBER.matcher(json).matches() ? null : new BigDecimal(json);
  }

  private void requireLogged(EventSelection events) {
    List<Object> values = new ArrayList<>();
    String where = where(events, values);
    LogLimit.require(
        jdbc,
        Feed.EVENTS,
        events.days().start(),
        "event_log " + where,
        values,
        "events; use a shorter range or a topic");
  }

  private static String where(EventSelection events, List<Object> values) {
    String topic = events.topic();
    String index =
        events.userId() != null ? "by_user" : topic != null ? CountedTopic.index(topic) : "newest";
    values.add(events.tenantId());
    String user = and("user_id = ?", events.userId(), values);
    String counted = topic == null ? "" : and(CountedTopic.condition(topic), topic, values);
    values.add(events.days().start());
    values.add(events.days().end());
    return "FORCE INDEX (%s) WHERE tenant_id = ?%s%s AND occurred_at >= ? AND occurred_at < ?"
        .formatted(index, user, counted);
  }

  private static String and(String condition, @Nullable String text, List<Object> values) {
    if (text == null) {
      return "";
    }
    values.add(text);
    return " AND " + condition;
  }

  private Map<LocalDate, ValueSummary> summaries(String sql, List<Object> values) {
    Map<LocalDate, ValueSummary> days = new TreeMap<>();
    Select.forEach(
        jdbc,
        sql,
        values,
        row ->
            days.put(
                row.getObject("day", LocalDate.class),
                new ValueSummary(
                    row.getLong("events"),
                    row.getLong("value_count"),
                    row.getBigDecimal("value_sum"),
                    row.getBigDecimal("value_min"),
                    row.getBigDecimal("value_max"))));
    return days;
  }
}
