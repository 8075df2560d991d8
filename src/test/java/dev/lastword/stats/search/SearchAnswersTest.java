package dev.lastword.stats.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lastword.HttpCalls;
import dev.lastword.query.Rows;
import dev.lastword.rollup.Logs;
import dev.lastword.rollup.Logs.Row;
import dev.lastword.stats.LogLimit;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers about searches, beside what plain Java computes from the same rows. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchAnswersTest {
  private static final String LONGEST = "😀".repeat(255);
  private static final int KEYWORDS = 400;

  @Inject HttpCalls http;
  @Inject Rows tables;
  @Inject ApplicationContext context;

  @Value("${lastword.db.url}")
  String url;

  private final List<Row> rows = new ArrayList<>();
  private ZoneId zone = ZoneOffset.UTC;

  @BeforeEach
  void inUtc() {
    zone = ZoneOffset.UTC;
  }

  /** Searches by Zipf around a leap day, a turn of the year with week 53, and changes of clocks. */
  @BeforeAll
  void addRandomRows() {
    tables.clear();
    Random random = new Random(17);
    List<Row> added = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      LocalDate start =
          switch (i % 3) {
            case 0 -> LocalDate.of(2024, 2, 20);
            case 1 -> LocalDate.of(2024, 10, 20);
            default -> LocalDate.of(2020, 12, 20);
          };
      int place = (int) Math.pow(KEYWORDS, random.nextDouble());
      int day = random.nextInt(20);
      String keyword =
          switch (place) {
            case 7 -> LONGEST;
            case 8 -> "50%_|🍕off";
            // On some days only, so that no day's most frequent are those of all days.
            case 1 -> "keyword " + day % 5;
            // They rise on the eleventh day.
            case 3, 4, 5, 6 -> "Keyword " + (day < 10 ? 40 : place);
            default -> (random.nextBoolean() ? "Keyword " : "keyword ") + place;
          };
      int user = random.nextInt(60);
      int session = random.nextInt(60);
      added.add(
          new Row(
              random.nextInt(10) == 0 ? 2 : 1,
              // Each session within two hours of the day.
              start.plusDays(day).atTime(session % 24, 0).plusSeconds(random.nextInt(7_200)),
              null,
              keyword,
              user == 0 ? LONGEST : user < 20 ? null : "u" + user,
              5,
              "s" + session));
    }
    new Logs(url, context).add(added);
    rows.addAll(added);
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-08, '', 10",
    "2020-12-20, 2021-01-08, '', 1",
    "2020-12-30, 2021-01-03, '', 1000",
    "2020-12-30, 2021-01-08, '', 99",
    "2024-02-28, 2024-03-01, '', 20",
    "2024-02-29, 2024-02-29, '', 5",
    "2015-01-01, 2024-12-31, '', 30",
    "2019-01-01, 2019-12-31, '', 10",
    "2020-12-25, 2021-01-08, 'KEYWORD 1', 10",
    "2020-12-25, 2021-01-08, 'keyword 1 ', 10",
    "2020-12-20, 2024-12-31, '50%_|', 10",
    "2020-12-20, 2024-12-31, '_', 10",
  })
  void listsTheMostFrequentSearches(String from, String to, String prefix, int limit) {
    String query =
        "/stats/top-searches?from=%s&to=%s&limit=%d".formatted(from, to, limit)
            + timeZone()
            + (prefix.isEmpty() ? "" : "&starts_with=" + encode(prefix));
    LocalDate first = LocalDate.parse(from);
    LocalDate last = LocalDate.parse(to);
    int days = (int) ChronoUnit.DAYS.between(first, last) + 1;
    List<Row> now = rowsOf(first, last);
    Map<String, List<Row>> groups = groups(now, prefix);
    Map<String, List<Row>> before =
        groups(rowsOf(first.minusDays(days), first.minusDays(1)), prefix);
    assertThat(http.csv(query))
        .containsExactlyElementsOf(
            lines(
                "keyword,count,share,users,sessions,rank,rank_before",
                groups.entrySet().stream()
                    .sorted(MOST_FREQUENT_FIRST)
                    .limit(limit)
                    .map(
                        group ->
                            "%s,%d,%s,%d,%d,%d,%s"
                                .formatted(
                                    group.getKey(),
                                    group.getValue().size(),
                                    share(group.getValue().size(), now.size()),
                                    distinct(group.getValue(), Row::user),
                                    distinct(group.getValue(), Row::session),
                                    rank(groups, group.getKey()),
                                    before.containsKey(group.getKey())
                                            && place(before, group.getKey()) <= Math.max(100, limit)
                                        ? rank(before, group.getKey())
                                        : ""))));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-30, 2021-01-08, 100",
    "2024-03-01, 2024-03-05, 1",
    "2020-12-23, 2020-12-23, 50"
  })
  void listsTheSearchesWhoseShareHasRisen(String from, String to, int limit) {
    LocalDate first = LocalDate.parse(from);
    LocalDate last = LocalDate.parse(to);
    int days = (int) ChronoUnit.DAYS.between(first, last) + 1;
    List<Row> now = rowsOf(first, last);
    List<Row> before = rowsOf(first.minusDays(days), first.minusDays(1));
    Map<String, List<Row>> groupsBefore = groups(before, "");
    Map<String, Double> scores = new TreeMap<>();
    groups(now, "")
        .forEach(
            (keyword, group) -> {
              int countBefore = groupsBefore.getOrDefault(keyword, List.of()).size();
              double score = chiSquare(group.size(), now.size(), countBefore, before.size());
              if (group.size() >= 5 && score > 10.83) {
                scores.put(keyword, score);
              }
            });
    List<String> expected =
        scores.entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(limit)
            .map(
                trend -> {
                  int count = groups(now, "").getOrDefault(trend.getKey(), List.of()).size();
                  int countBefore = groupsBefore.getOrDefault(trend.getKey(), List.of()).size();
                  return "%s,%d,%d,%s,%s,%s"
                      .formatted(
                          trend.getKey(),
                          count,
                          countBefore,
                          share(count, now.size()),
                          share(countBefore, before.size()),
                          BigDecimal.valueOf(trend.getValue()).setScale(2, RoundingMode.HALF_UP));
                })
            .toList();
    assertThat(expected).isNotEmpty();
    assertThat(
            http.csv(
                "/stats/trending-searches?from=%s&to=%s&limit=%d".formatted(from, to, limit)
                    + timeZone()))
        .containsExactlyElementsOf(
            lines("keyword,count,count_before,share,share_before,score", expected.stream()));
  }

  /** The log-likelihood ratio by entropies, as another way to the same number. */
  private static double chiSquare(long a, long total, long b, long totalBefore) {
    double ratio =
        2
            * (entropy(a, total - a, b, totalBefore - b)
                - entropy(a + b, total - a + totalBefore - b)
                - entropy(total, totalBefore)
                + entropy(total + totalBefore));
    return (double) a / total > (double) b / totalBefore ? ratio : 0;
  }

  private static double entropy(long... counts) {
    double sum = 0;
    for (long count : counts) {
      sum += count == 0 ? 0 : count * Math.log(count);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "-12:00"})
  void answersForDaysOfOtherTimeZones(String tz) {
    zone = ZoneId.of(tz);
    listsTheMostFrequentSearches("2024-10-25", "2024-10-28", "", 20);
    listsTheMostFrequentSearches("2024-03-09", "2024-03-10", "KEYWORD 1", 10);
    listsTheMostFrequentSearches("2024-10-26", "2024-10-26", "", 1000);
    listsTheMostFrequentSearches("2015-01-01", "2024-10-28", "", 3);
    listsTheMostFrequentSearches("2020-12-20", "2024-10-28", "keyword 2", 20);
    listsTheSearchesWhoseShareHasRisen("2020-12-30", "2021-01-08", 10);
    listsWhatTheSameSessionsSearchedForNext("2024-10-26", "2024-10-28", "keyword 2", 10);
    countsSessionsPerDay("2024-10-26", "2024-10-28");
    HttpResponse<String> response =
        http.getCounted("/stats/sessions?from=2024-10-26&to=2024-10-28" + timeZone());
    assertThat(response.headers().firstValue("Lastword-Source")).hasValue("log");
    assertThat(http.json(response).get("source").getStringValue()).isEqualTo("log");
  }

  @Test
  void aTrendNeedsFiveSearchesAndSomethingToCompareWith() {
    assertThat(http.csv("/stats/trending-searches?from=2020-12-20&to=2021-01-08")).hasSize(1);
    assertThat(Trend.score(5, 1_000, 0, 100_000)).isGreaterThan(Trend.SIGNIFICANT);
    assertThat(Trend.score(1, 100_000, 0, 100_000)).isLessThan(2);
    assertThat(Trend.score(2_000, 100_000, 1_000, 50_000)).isZero();
    assertThat(Trend.score(10, 10, 0, 10)).isCloseTo(40 * Math.log(2), within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-08, day, '', UTC, counts",
    "2020-12-20, 2021-01-08, week, '', UTC, counts",
    "2020-12-20, 2024-03-31, month, '', UTC, counts",
    "2024-02-28, 2024-03-01, hour, '', UTC, counts",
    "2024-02-28, 2024-03-01, hour, 'KEYWORD 2', UTC, log",
    "2020-12-31, 2021-01-01, day, 'keyword 2', UTC, counts",
    "2020-12-31, 2021-01-01, week, 'keyword 2', UTC, counts",
    "2015-01-01, 2025-01-07, month, 'keyword 2', UTC, counts",
    "2020-12-31, 2021-01-01, hour, 'never', UTC, log",
    // Days of 25 and 23 hours, and offsets of half and three quarters of an hour.
    "2024-10-26, 2024-10-28, hour, '', Europe/Berlin, counts",
    "2024-03-09, 2024-03-11, hour, '', America/New_York, counts",
    "2024-10-20, 2024-10-31, day, '', Europe/Berlin, counts",
    "2024-10-20, 2024-10-31, week, 'keyword 2', Europe/Berlin, log",
    "2024-02-28, 2024-03-01, hour, '', Asia/Kolkata, log",
    "2020-12-31, 2021-01-01, month, '', Asia/Kathmandu, log",
    "2024-02-28, 2024-03-01, hour, 'keyword 2', +14:00, log",
  })
  void countsSearchesOverTime(
      String from, String to, String granularity, String keyword, String tz, String source) {
    zone = tz.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(tz);
    Map<String, Long> counts = new LinkedHashMap<>();
    LocalDate first = start(LocalDate.parse(from), granularity);
    ZonedDateTime end = LocalDate.parse(to).plusDays(1).atStartOfDay(zone);
    for (ZonedDateTime time = first.atStartOfDay(zone);
        time.isBefore(end);
        time = time.plusMinutes(30)) {
      counts.put(name(time, granularity), 0L);
    }
    for (Row row : rows) {
      if (row.tenant() == 1 && (keyword.isEmpty() || keyword.equalsIgnoreCase(row.keyword()))) {
        counts.computeIfPresent(name(local(row.at()), granularity), (name, count) -> count + 1);
      }
    }
    String query =
        "/stats/searches-over-time?from=%s&to=%s&granularity=%s".formatted(from, to, granularity)
            + timeZone()
            + (keyword.isEmpty() ? "" : "&keyword=" + encode(keyword));
    assertThat(http.csv(query))
        .containsExactlyElementsOf(
            lines(
                "period,value,count",
                counts.entrySet().stream()
                    .map(row -> row.getKey() + "," + row.getValue() + "," + row.getValue())));
    assertThat(http.json(http.getCounted(query)).get("source").getStringValue()).isEqualTo(source);
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-08, KEYWORD 2, 1000",
    "2020-12-20, 2021-01-08, keyword 2, 3",
    "2024-02-29, 2024-02-29, keyword 2, 10",
    "2020-12-20, 2024-12-31, keyword 9, 10",
    "2024-02-29, 2024-02-29, never, 10",
  })
  void listsWhatTheSameSessionsSearchedForNext(String from, String to, String keyword, int limit) {
    LocalDateTime start = LocalDate.parse(from).atStartOfDay();
    LocalDateTime end = LocalDate.parse(to).plusDays(1).atStartOfDay();
    Map<String, List<Row>> sessions =
        localRows().stream()
            .filter(row -> row.tenant() == 1 && !row.at().isBefore(start))
            .sorted(Comparator.comparing(Row::at))
            .collect(Collectors.groupingBy(Row::session));
    Map<String, Integer> next = new TreeMap<>();
    int searches = 0;
    for (List<Row> session : sessions.values()) {
      for (int i = 0; i < session.size(); i++) {
        boolean repeat =
            i > 0 && session.get(i - 1).keyword().equalsIgnoreCase(keyword) && follows(session, i);
        if (session.get(i).keyword().equalsIgnoreCase(keyword)
            && session.get(i).at().isBefore(end)
            && !repeat) {
          searches++;
          int other = i + 1;
          while (follows(session, other)
              && session.get(other).keyword().equalsIgnoreCase(keyword)) {
            other++;
          }
          if (follows(session, other)) {
            next.merge(session.get(other).keyword().toLowerCase(Locale.ROOT), 1, Integer::sum);
          }
        }
      }
    }
    int nothing = searches - next.values().stream().mapToInt(Integer::intValue).sum();
    int all = searches;
    List<String> expected =
        next.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(limit)
            .map(row -> row.getKey() + "," + row.getValue() + "," + share(row.getValue(), all))
            .toList();
    String query =
        "/stats/refinements?keyword=%s&from=%s&to=%s&limit=%d"
                .formatted(encode(keyword), from, to, limit)
            + timeZone();
    List<String> lines = http.csv(query);
    assertThat(lines.subList(0, lines.size() - 1))
        .containsExactlyElementsOf(lines("keyword,count,share", expected.stream()));
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(",%d,%s".formatted(nothing, all == 0 ? "" : share(nothing, all)));
    JsonNode answer = http.json(http.getCounted(query));
    assertThat(answer.get("searches").getIntValue()).isEqualTo(searches);
    assertThat(answer.get("nothing_more").getIntValue()).isEqualTo(nothing);
    assertThat(answer.get("nothing_more_share").isNull()).isEqualTo(searches == 0);
  }

  private static boolean follows(List<Row> session, int i) {
    return i < session.size()
        && !session.get(i).at().isAfter(session.get(i - 1).at().plusMinutes(30));
  }

  @ParameterizedTest
  @CsvSource({"2020-12-19, 2021-01-08", "2024-02-29, 2024-02-29", "2015-01-01, 2024-12-31"})
  void countsSessionsPerDay(String from, String to) {
    Map<LocalDate, List<Row>> days =
        rowsOf(LocalDate.parse(from), LocalDate.parse(to)).stream()
            .collect(Collectors.groupingBy(row -> row.at().toLocalDate()));
    assertThat(http.csv("/stats/sessions?from=%s&to=%s".formatted(from, to) + timeZone()))
        .containsExactlyElementsOf(
            lines(
                "period,sessions,searches,searches_per_session,keystrokes,keystrokes_per_search",
                LocalDate.parse(from)
                    .datesUntil(LocalDate.parse(to).plusDays(1))
                    .map(
                        day -> {
                          List<Row> ofDay = days.getOrDefault(day, List.of());
                          long sessions = distinct(ofDay, Row::session);
                          return ofDay.isEmpty()
                              ? day + ",0,0,,0,"
                              : "%s,%d,%d,%s,%d,5.00"
                                  .formatted(
                                      day,
                                      sessions,
                                      ofDay.size(),
                                      BigDecimal.valueOf(ofDay.size())
                                          .divide(
                                              BigDecimal.valueOf(sessions),
                                              2,
                                              RoundingMode.HALF_UP),
                                      5 * ofDay.size());
                        })));
  }

  @Test
  void sessionsOfTodayAndOfLateSearchesAreCounted() {
    LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC);
    LocalDateTime past = LocalDateTime.of(2013, 5, 1, 12, 0);
    for (LocalDateTime at : List.of(now, past)) {
      String path = "/stats/sessions?from=%1$s&to=%1$s".formatted(at.toLocalDate());
      for (int i = 0; i < 4; i++) {
        new Logs(url, context)
            .add(new Row(1, at.minusMinutes(i), null, "today", null, 10, "session " + i / 2));
        assertThat(http.csv(path).get(1)).contains(",%d,%d,".formatted(1 + i / 2, 1 + i));
      }
    }
  }

  @Test
  void answersThatAreReadFromTheLogEndWhereRetentionHasDroppedIt() {
    String days = "from=2020-12-25&to=2020-12-26";
    String sessions = http.getCounted("/stats/sessions?" + days).body();
    tables.execute(
        "UPDATE rollup_head SET log_since = '2021-01-01', past_changes = past_changes + 1 WHERE feed = 1");
    try {
      JsonNode first =
          http.json(http.getCounted("/stats/top-searches?" + days)).get("items").get(0);
      assertThat(first.get("count").getIntValue()).isPositive();
      assertThat(first.get("users").isNull()).isTrue();
      assertThat(first.get("sessions").isNull()).isTrue();
      for (String path :
          List.of(
              "searches-over-time?granularity=hour&keyword=a&",
              "refinements?keyword=a&",
              "users?keyword=a&",
              "top-searches?tz=Europe/Berlin&",
              "sessions?tz=Europe/Berlin&")) {
        HttpResponse<String> response = http.getCounted("/stats/" + path + days);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("from must be 2021-01-01 or later");
      }
      assertThat(http.getCounted("/stats/sessions?" + days).body()).isEqualTo(sessions);
      tables.execute("DELETE FROM daily_session WHERE day = '2020-12-26'");
      assertThat(http.csv("/stats/sessions?from=2020-12-26&to=2020-12-26").get(1))
          .matches("2020-12-26,,[0-9]+,,[0-9]+,5.00");
    } finally {
      tables.execute(
          "UPDATE rollup_head SET log_since = NULL, past_changes = past_changes + 1 WHERE feed = 1");
    }
  }

  @Test
  void addsUpTooManyRareKeywordsInTheDatabase() {
    LocalDate day = LocalDate.of(2016, 3, 1);
    tables.countedKeywords(KeywordReader.MAX_ROWS + 1_000, day);
    List<String> expected =
        IntStream.range(0, KeywordReader.MAX_ROWS + 1_000)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingInt(i -> i % 1_000 == 7 ? 0 : 1)
                    .thenComparing(i -> "keyword " + i))
            .map(i -> "keyword %d,%d".formatted(i, i % 1_000 == 7 ? 2 : 1))
            .limit(40)
            .toList();
    for (String days :
        List.of(
            "from=2016-03-01&to=2016-03-01",
            "from=2016-02-29&to=2016-03-02&tz=America/New_York",
            "from=2016-02-29&to=2016-03-01&tz=-01:00")) {
      List<String> lines =
          http.csv("/stats/top-searches?limit=40&" + days).stream()
              .skip(1)
              .map(line -> line.replaceAll("^(.*?,\\d+),.*", "$1"))
              .toList();
      assertThat(lines).as(days).isEqualTo(expected);
    }
    tables.execute("DELETE FROM daily_search WHERE day = ?", day);
    tables.execute("DELETE FROM hourly_search WHERE hour = ?", day);
  }

  @Test
  void readsNoMoreThanTwoHundredThousandSearchesFromTheLog() {
    LocalDate day = LocalDate.of(2018, 6, 1);
    String hours = "/stats/searches-over-time?keyword=often&granularity=hour&from=2018-06-0";
    String next = "/stats/refinements?keyword=often&from=2018-06-0";
    String users = "/stats/users?keyword=often&from=2018-06-0";
    // Noon of UTC is the first moment of 2 June; the days after it are counted.
    String top = "/stats/top-searches?tz=%2B12:00&from=2018-06-02&to=2018-06-0";
    tables.loggedOften(LogLimit.MAX_ROWS, "often", day);
    assertThat(http.getCounted(top + "2").body())
        .contains(
            "{\"keyword\":\"often\",\"count\":200000,\"share\":1.000000,\"users\":0,\"sessions\":1000,");
    assertThat(http.getCounted(hours + "1&to=2018-06-01").body())
        .contains("{\"period\":\"2018-06-01T12:00:00Z\",\"value\":200000,\"count\":200000}");
    assertThat(http.getCounted(next + "1&to=2018-06-01").body())
        .isEqualTo(
            "{\"items\":[],\"searches\":1000,\"nothing_more\":1000,\"nothing_more_share\":1.000000,\"source\":\"log\"}");
    assertThat(http.getCounted(users + "1&to=2018-06-01").body())
        .isEqualTo("{\"items\":[],\"users\":0,\"source\":\"log\"}");
    tables.loggedOften(1, "often", day);
    // Others, since those are cached.
    for (String path : List.of(hours, next, users)) {
      HttpResponse<String> response = http.getCounted(path + "1&to=2018-06-02");
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("at most 200000 searches");
    }
    HttpResponse<String> response = http.getCounted(top + "3");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("at most 200000 searches outside of whole days of UTC; leave tz out.");
    assertThat(
            http.getCounted("/stats/top-searches?tz=%2B12:00&from=2018-06-01&to=2018-06-03")
                .statusCode())
        .isEqualTo(200);
    tables.execute("DELETE FROM search_log WHERE folded = 'often'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-searches?from=2020-12-20&to=2021-01-08",
        "top-searches?from=2024-10-26&to=2024-10-27&tz=Europe/Berlin",
        "trending-searches?from=2020-12-30&to=2021-01-08",
        "refinements?from=2020-12-20&to=2021-01-08&keyword=keyword%202",
      })
  void listsHavePages(String path) {
    List<String> all = http.csv("/stats/" + path + "&limit=20");
    List<String> pages = new ArrayList<>();
    for (int offset = 0; offset < 20; offset += 2) {
      pages.addAll(
          http.csv("/stats/" + path + "&limit=2&offset=" + offset).stream()
              .skip(1)
              .filter(line -> !line.startsWith(","))
              .toList());
    }
    assertThat(pages)
        .isNotEmpty()
        .isEqualTo(all.stream().skip(1).filter(line -> !line.startsWith(",")).toList());
    assertThat(http.csv("/stats/" + path + "&offset=10000").stream().skip(1))
        .allMatch(line -> line.startsWith(","));
  }

  @Test
  void answersAreObjectsWithItems() {
    JsonNode top =
        http.json(http.getCounted("/stats/top-searches?from=2020-12-20&to=2021-01-08&limit=3"))
            .get("items");
    assertThat(top.size()).isEqualTo(3);
    assertThat(top.get(0).get("rank").getIntValue()).isEqualTo(1);
    assertThat(top.get(0).get("rank_before").isNull()).isTrue();
    assertThat(
            http.json(http.getCounted("/stats/trending-searches?from=2024-03-01&to=2024-03-05"))
                .get("items")
                .get(0)
                .get("score")
                .isNumber())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-searches?limit=0|limit must be from 1 to 1000.",
        "top-searches?limit=1001|limit must be from 1 to 1000.",
        "top-searches?starts_with=%20|starts_with must not be empty.",
        "top-searches?from=2024-02-02&to=2024-02-01|from must not be later than to.",
        "top-searches?q=a|Unknown parameter 'q'. Use: from, limit, offset, starts_with, to, tz.",
        "top-searches?offset=-1|offset must be from 0 to 10000.",
        "top-searches?offset=10001|offset must be from 0 to 10000.",
        "trending-searches?limit=1001|limit must be from 1 to 1000.",
        "trending-searches?from=2024-01-01&to=2024-04-02|from and to must span at most 92 days.",
        "refinements?limit=0&keyword=a|limit must be from 1 to 1000.",
        "refinements|keyword is missing.",
        "refinements?keyword=%20|keyword must not be empty.",
        "sessions?from=2014-01-01&to=2024-01-09|from and to must span at most 3660 days.",
        "searches-over-time?keyword=|keyword must not be empty.",
        "searches-over-time?granularity=minute|granularity must be one of: hour, day, week, month.",
        "searches-over-time?granularity=hour&from=2024-01-01&to=2024-05-30|from and to must span at most 150 days if granularity is hour.",
      })
  void refusesWhatItCannotAnswer(String given) {
    String[] parts = given.split("\\|");
    HttpResponse<String> response = http.getCounted("/stats/" + parts[0]);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(http.json(response).get("detail").getStringValue()).isEqualTo(parts[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-searches?limit=1000&from=2014-01-01&to=2024-01-08",
        "top-searches?limit=1000&from=2014-01-01&to=2024-01-08&starts_with=k",
        "top-searches?from=1970-01-01&to=1970-01-01",
        "trending-searches?limit=1000&from=2024-01-01&to=2024-04-01",
        "searches-over-time?from=2014-01-01&to=2024-01-08&keyword=k",
        "searches-over-time?granularity=hour&from=2024-01-01&to=2024-05-29",
        "refinements?limit=1000&keyword=a&from=2014-01-01&to=2024-01-08",
        "sessions?from=2014-01-01&to=2024-01-08",
        "searches-over-time?granularity=month&from=2990-01-01&to=2999-12-31&keyword=k",
      })
  void answersUpToTheLimits(String path) {
    assertThat(http.getCounted("/stats/" + path).statusCode()).isEqualTo(200);
  }

  private static final Comparator<Map.Entry<String, List<Row>>> MOST_FREQUENT_FIRST =
      Comparator.<Map.Entry<String, List<Row>>>comparingInt(group -> group.getValue().size())
          .reversed()
          .thenComparing(Map.Entry.comparingByKey());

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<String> lines(String head, Stream<String> lines) {
    return Stream.concat(Stream.of(head), lines).toList();
  }

  private String timeZone() {
    return zone.equals(ZoneOffset.UTC) ? "" : "&tz=" + encode(zone.getId());
  }

  /** Returns the rows with the times that clocks of the time zone showed. */
  private List<Row> localRows() {
    return rows.stream()
        .map(
            row ->
                new Row(
                    row.tenant(),
                    local(row.at()).toLocalDateTime(),
                    null,
                    row.keyword(),
                    row.user(),
                    row.keystrokes(),
                    row.session()))
        .toList();
  }

  private ZonedDateTime local(LocalDateTime utc) {
    return utc.atZone(ZoneOffset.UTC).withZoneSameInstant(zone);
  }

  private List<Row> rowsOf(LocalDate first, LocalDate last) {
    return localRows().stream()
        .filter(row -> row.tenant() == 1)
        .filter(row -> !row.at().toLocalDate().isBefore(first))
        .filter(row -> !row.at().toLocalDate().isAfter(last))
        .toList();
  }

  private static Map<String, List<Row>> groups(List<Row> rows, String prefix) {
    return rows.stream()
        .filter(row -> row.keyword().regionMatches(true, 0, prefix, 0, prefix.length()))
        .collect(Collectors.groupingBy(row -> row.keyword().toLowerCase(Locale.ROOT)));
  }

  private static long rank(Map<String, List<Row>> groups, String keyword) {
    int size = groups.getOrDefault(keyword, List.of()).size();
    return 1 + groups.values().stream().filter(other -> other.size() > size).count();
  }

  /** Returns the place in the list, in which ties are ordered by keyword. */
  private static int place(Map<String, List<Row>> groups, String keyword) {
    return groups.entrySet().stream()
            .sorted(MOST_FREQUENT_FIRST)
            .map(Map.Entry::getKey)
            .toList()
            .indexOf(keyword)
        + 1;
  }

  private static long distinct(List<Row> rows, Function<Row, @Nullable String> column) {
    return rows.stream().map(column).filter(value -> value != null).distinct().count();
  }

  private static String share(long part, long total) {
    return BigDecimal.valueOf(part)
        .divide(BigDecimal.valueOf(total), 6, RoundingMode.HALF_UP)
        .toPlainString();
  }

  private static LocalDate start(LocalDate day, String granularity) {
    return switch (granularity) {
      case "week" -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
      case "month" -> day.withDayOfMonth(1);
      default -> day;
    };
  }

  private static String name(ZonedDateTime time, String granularity) {
    return granularity.equals("hour")
        ? "%s%02d:00:00%s".formatted(time.toLocalDate() + "T", time.getHour(), time.getOffset())
        : start(time.toLocalDate(), granularity).toString();
  }
}
