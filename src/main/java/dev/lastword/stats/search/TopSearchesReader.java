package dev.lastword.stats.search;

import dev.lastword.feed.Feed;
import dev.lastword.row.Select;
import dev.lastword.stats.Days;
import dev.lastword.stats.Page;
import dev.lastword.stats.search.TopSearchesController.TopSearch;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the most frequent searches from {@code daily_search}, and their users and sessions from
 * {@code search_log}, in one snapshot.
 */
@Singleton
class TopSearchesReader {
  private static final int MIN_RANKS_BEFORE = 100;

  private final JdbcOperations jdbc;
  private final KeywordReader keywords;
  private final Snapshot snapshot;

  TopSearchesReader(
      @Named("reads") JdbcOperations jdbc, KeywordReader keywords, Snapshot snapshot) {
    this.jdbc = jdbc;
    this.keywords = keywords;
    this.snapshot = snapshot;
  }

  /** Distinct users and sessions. */
  private record People(long users, long sessions) {}

  List<TopSearch> read(int tenantId, Days days, @Nullable String prefix, Page page) {
    return snapshot.read(() -> top(tenantId, days, prefix, page));
  }

  private List<TopSearch> top(int tenantId, Days days, @Nullable String prefix, Page page) {
    List<KeywordCount> ordered = keywords.mostFrequent(tenantId, days, prefix, page.end());
    List<KeywordCount> top = page.of(ordered);
    if (top.isEmpty()) {
      return List.of();
    }
    long total = keywords.total(tenantId, days);
    Map<String, People> people = people(tenantId, days, top);
    List<KeywordCount> before =
        keywords.mostFrequent(
            tenantId, days.before(), prefix, Math.max(page.end(), MIN_RANKS_BEFORE));
    Map<String, Integer> ranksBefore = ranks(before);
    Map<String, Integer> ranks = ranks(ordered);
    return top.stream()
        .map(
            row -> {
              People who = people.get(row.keyword());
              return new TopSearch(
                  row.keyword(),
                  row.searches(),
                  Shares.of(row.searches(), total),
                  who == null ? null : who.users,
                  who == null ? null : who.sessions,
                  Objects.requireNonNull(ranks.get(row.keyword())),
                  ranksBefore.get(row.keyword()));
            })
        .toList();
  }

  /** Returns the rank of each keyword; those with the same number of searches share one. */
  private static Map<String, Integer> ranks(List<KeywordCount> ordered) {
    Map<String, Integer> ranks = new HashMap<>();
    int rank = 0;
    for (int i = 0; i < ordered.size(); i++) {
      if (i == 0 || ordered.get(i).searches() < ordered.get(i - 1).searches()) {
        rank = i + 1;
      }
      ranks.put(ordered.get(i).keyword(), rank);
    }
    return ranks;
  }

  /** Reads from an index alone. Returns nothing if retention has dropped some of the days. */
  private Map<String, People> people(int tenantId, Days days, List<KeywordCount> keywords) {
    List<Object> values = new ArrayList<>();
    values.add(tenantId);
    keywords.forEach(row -> values.add(row.keyword()));
    values.add(days.start());
    values.add(days.end());
    values.add(days.start());
    values.add(Feed.SEARCHES.number());
    Map<String, People> people = new HashMap<>();
    Select.forEach(
        jdbc,
        """
        SELECT folded, COUNT(DISTINCT user_id) AS users, COUNT(DISTINCT session_id) AS sessions
        FROM search_log FORCE INDEX (by_keyword)
        WHERE tenant_id = ? AND folded IN (%s) AND searched_at >= ? AND searched_at < ?
          AND (SELECT COALESCE(log_since <= ?, TRUE) FROM rollup_head WHERE feed = ?)
        GROUP BY folded
        """
            .formatted(Select.placeholders(keywords.size())),
        values,
        row ->
            people.put(
                row.getString("folded"),
                new People(row.getLong("users"), row.getLong("sessions"))));
    return people;
  }
}
