package dev.lastword.daily;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.lastword.daily.DailyTopics.Key;
import dev.lastword.row.Select;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which topics of a tenant and day are counted by name. The events of all others are
 * counted as {@value CountedTopic#OTHER}, so that names which are made up cannot fill the counts.
 *
 * <p>Setting {@code lastword.topics-per-day} is the limit. A topic that has a count keeps it. For a
 * new one, a node counts the topics of the day, and then adds an eighth of what is left without
 * counting again; so several nodes exceed the limit by little, and one does not. Decisions may
 * differ between nodes: each event stores its own.
 */
@Singleton
public class TopicLimit {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLimit.class);
  private static final int SHARE = 8;
  private static final int CACHE_BYTES = 8 << 20;
  private static final int ENTRY_BYTES = 100;
  private static final int CACHED_DAYS = 100_000;

  private record Day(int tenantId, LocalDate day) {
    static Day of(Key key) {
      return new Day(key.tenantId(), key.day());
    }
  }

  /** How many topics of a day there are, and how many this node may add. */
  private static final class Room {
    private int topics;
    private int unchecked;
    private boolean full;

    /**
     * Adds topics without counting those of the day.
     *
     * @return how many of them there is room for; null if they have to be counted first
     */
    synchronized @Nullable Integer add(int added) {
      if (full) {
        return 0;
      }
      if (added > unchecked) {
        return null;
      }
      unchecked -= added;
      topics += added;
      return added;
    }

    /**
     * Adds topics.
     *
     * @param counted those of the day that are committed
     * @return how many of them there is room for
     */
    synchronized int add(int added, int counted, int limit) {
      // Those that this node has just added may not be committed yet.
      topics = Math.max(topics, counted);
      int granted = Math.min(added, Math.max(0, limit - topics));
      topics += granted;
      unchecked = (limit - topics) / SHARE;
      full = granted < added;
      return granted;
    }
  }

  private final JdbcOperations jdbc;
  private final int limit;

  /** Whether a topic of a day is counted by name. Keys are those of bucket 0. */
  private final Cache<Key, Boolean> named =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .weigher((Key key, Boolean isNamed) -> ENTRY_BYTES + key.topic().length())
          .build();

  private final LoadingCache<Day, Room> rooms =
      Caffeine.newBuilder().maximumSize(CACHED_DAYS).build(day -> new Room());

  TopicLimit(JdbcOperations jdbc, @Property(name = "lastword.topics-per-day") int limit) {
    this.jdbc = jdbc;
    this.limit = limit;
  }

  /** Returns those of these keys whose events are counted as {@value CountedTopic#OTHER}. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  public Set<Key> beyond(Set<Key> keys) {
    Set<Key> others = new HashSet<>();
    Set<Key> undecided = new HashSet<>();
    for (Key key : keys) {
      Key topic = topic(key);
      Boolean isNamed = named.getIfPresent(topic);
      if (isNamed == null) {
        undecided.add(topic);
      } else if (!isNamed) {
        others.add(topic);
      }
    }
    if (!undecided.isEmpty()) {
      Map<Key, Boolean> decisions = decide(undecided);
      named.putAll(decisions);
      decisions.forEach(
          (topic, isNamed) -> {
            if (!isNamed) {
              others.add(topic);
            }
          });
    }
    return keys.stream().filter(key -> others.contains(topic(key))).collect(toSet());
  }

  /** Returns the key of the count, as far as this node has decided lately. */
  public Key counted(Key key) {
    return Boolean.FALSE.equals(named.getIfPresent(topic(key))) ? key.other() : key;
  }

  private static Key topic(Key key) {
    return new Key(0, key.tenantId(), key.day(), key.topic());
  }

  private Map<Key, Boolean> decide(Set<Key> topics) {
    Map<Key, Boolean> decisions = new HashMap<>();
    existing(byDay(topics)).forEach(topic -> decisions.put(topic, true));
    Map<Day, List<Key>> added =
        byDay(topics.stream().filter(topic -> !decisions.containsKey(topic)).toList());
    Map<Day, List<Key>> uncounted = new HashMap<>();
    added.forEach(
        (day, names) -> {
          Integer granted = rooms.get(day).add(names.size());
          if (granted == null) {
            uncounted.put(day, names);
          } else {
            note(decisions, names, granted);
          }
        });
    if (!uncounted.isEmpty()) {
      Map<Day, Integer> counts = count(uncounted.keySet());
      uncounted.forEach(
          (day, names) -> {
            int granted = rooms.get(day).add(names.size(), counts.getOrDefault(day, 0), limit);
            note(decisions, names, granted);
            if (granted < names.size()) {
              LOG.warn(
                  "Tenant {} has more than {} topics on {}; further ones are counted as topic {}",
                  day.tenantId,
                  limit,
                  day.day,
                  CountedTopic.OTHER);
            }
          });
    }
    return decisions;
  }

  private static void note(Map<Key, Boolean> decisions, List<Key> names, int granted) {
    for (int i = 0; i < names.size(); i++) {
      decisions.put(names.get(i), i < granted);
    }
  }

  /** In the order of the key, so that all nodes choose the same of those that come together. */
  private static Map<Day, List<Key>> byDay(Collection<Key> topics) {
    return topics.stream().sorted(Key.ORDER).collect(groupingBy(Day::of));
  }

  private List<Key> existing(Map<Day, List<Key>> topics) {
    List<Object> values = new ArrayList<>();
    topics.forEach(
        (day, names) -> {
          values.addAll(List.of(day.tenantId, day.day));
          names.forEach(name -> values.add(name.topic()));
        });
    return Select.list(
        jdbc,
        "SELECT DISTINCT tenant_id, day, topic FROM daily_topic FORCE INDEX (PRIMARY) WHERE "
            + topics.values().stream()
                .map(
                    names ->
                        "(tenant_id = ? AND day = ? AND topic IN (%s))"
                            .formatted(Select.placeholders(names.size())))
                .collect(joining(" OR ")),
        values,
        row -> new Key(0, row.getInt("tenant_id"), day(row), row.getString("topic")));
  }

  private Map<Day, Integer> count(Set<Day> days) {
    Map<Day, Integer> counts = new HashMap<>();
    Select.forEach(
        jdbc,
        """
        SELECT tenant_id, day, COUNT(DISTINCT topic) AS topics FROM daily_topic FORCE INDEX (PRIMARY)
        WHERE %s
        GROUP BY tenant_id, day
        """
            .formatted(
                String.join(
                    " OR ", Collections.nCopies(days.size(), "(tenant_id = ? AND day = ?)"))),
        days.stream().flatMap(day -> Stream.of(day.tenantId, day.day)).toList(),
        row -> counts.put(new Day(row.getInt("tenant_id"), day(row)), row.getInt("topics")));
    return counts;
  }

  private static LocalDate day(ResultSet row) throws SQLException {
    return row.getObject("day", LocalDate.class);
  }
}
