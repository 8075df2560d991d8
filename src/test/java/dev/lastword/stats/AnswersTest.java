package dev.lastword.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import dev.lastword.query.Rows;
import dev.lastword.rollup.Logs;
import dev.lastword.rollup.Logs.Row;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers from counts, beside what plain Java computes from the same rows. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class AnswersTest {
  private static final String LONGEST = "😀".repeat(255);

  @Inject HttpCalls http;
  @Inject Rows tables;
  @Inject ApplicationContext context;

  @Value("${lastword.db.url}")
  String url;

  private final List<Row> rows = new ArrayList<>();
  private ZoneId zone = ZoneOffset.UTC;

  @BeforeEach
  void clear() {
    tables.clear();
  }

  /** Rows around a turn of the year with week 53, a leap day, and one day long before. */
  private void addRandomRows(long seed) {
    Random random = new Random(seed);
    List<LocalDate> starts =
        List.of(LocalDate.of(2020, 12, 20), LocalDate.of(2024, 2, 20), LocalDate.of(2015, 1, 1));
    List<Row> added =
        IntStream.range(0, 600)
            .mapToObj(
                i -> {
                  int place = random.nextInt(20);
                  LocalDate start = starts.get(place == 0 ? 2 : place % 2);
                  LocalDateTime at =
                      start
                          .plusDays(random.nextInt(30))
                          .atStartOfDay()
                          .plusSeconds(random.nextInt(86_400));
                  int user = random.nextInt(60);
                  String name = user == 0 ? LONGEST : user < 8 ? null : "u" + user;
                  int tenant = random.nextInt(10) == 0 ? 2 : 1;
                  return random.nextInt(3) == 0
                      ? new Row(tenant, at, null, "keyword " + random.nextInt(9), name, 5)
                      : new Row(tenant, at, "topic " + random.nextInt(4), "", name, 0);
                })
            .toList();
    add(added);
  }

  private void add(List<Row> added) {
    new Logs(url, context).add(added);
    rows.addAll(added);
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-20, day, '', ''",
    "2020-12-20, 2021-01-20, week, '', ''",
    "2020-12-31, 2021-01-01, week, searches, ''",
    "2020-12-20, 2021-01-20, month, events, ''",
    "2024-02-28, 2024-03-01, day, events, ''",
    "2024-02-29, 2024-02-29, day, searches, ''",
    "2024-02-20, 2024-03-31, week, '', topic 2",
    "2015-01-01, 2024-12-31, month, '', topic 0",
    "2016-01-01, 2016-01-07, day, '', ''",
    "2020-12-01, 2021-01-31, day, events, no such topic",
  })
  void countsActiveUsers(String from, String to, String granularity, String kind, String topic) {
    for (long seed = 1; seed <= 2; seed++) {
      addRandomRows(seed);
    }
    String query =
        "/stats/dau?from=%s&to=%s&granularity=%s".formatted(from, to, granularity)
            + timeZone()
            + (kind.isEmpty() ? "" : "&kind=" + kind)
            + (topic.isEmpty() ? "" : "&topic=" + topic.replace(" ", "%20"));
    TreeMap<String, Set<String>> users = new TreeMap<>();
    for (LocalDate start : periods(from, to, granularity)) {
      users.put(start.toString(), new HashSet<>());
    }
    for (Row row : rowsOf(kind, topic)) {
      users
          .getOrDefault(start(row.at().toLocalDate(), granularity).toString(), new HashSet<>())
          .add(row.user());
    }
    assertThat(http.csv(query))
        .containsExactlyElementsOf(
            lines(
                "date,active_users",
                users.entrySet().stream()
                    .map(period -> period.getKey() + "," + period.getValue().size())));
    JsonNode first = http.json(http.getCounted(query)).get(0);
    assertThat(first.get("date").getStringValue()).isEqualTo(users.firstKey());
    assertThat(first.get("active_users").getIntValue())
        .isEqualTo(users.firstEntry().getValue().size());
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-20, day, 10, '', ''",
    "2020-12-20, 2021-01-20, week, 3, '', ''",
    "2020-12-01, 2021-01-01, month, 40, searches, ''",
    "2024-02-20, 2024-03-10, day, 30, events, ''",
    "2024-02-29, 2024-02-29, day, 1, '', topic 1",
    "2017-01-01, 2017-01-02, day, 1, '', ''",
  })
  void computesRetention(
      String from, String to, String granularity, int periods, String kind, String topic) {
    addRandomRows(3);
    addRandomRows(4);
    String query =
        "/stats/retention?from=%s&to=%s&granularity=%s&periods=%d"
                .formatted(from, to, granularity, periods)
            + timeZone()
            + (kind.isEmpty() ? "" : "&kind=" + kind)
            + (topic.isEmpty() ? "" : "&topic=" + topic.replace(" ", "%20"));
    assertThat(http.csv(query))
        .containsExactlyElementsOf(
            lines(
                "cohort,size,period,returned,rate",
                retention(periods(from, to, granularity), granularity, periods, kind, topic)));
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-20, '', '', '', ''",
    "2020-12-31, 2021-01-01, searches, '', '', ''",
    "2024-02-29, 2024-03-01, '', topic 2, '', ''",
    "2024-02-22, 2024-02-22, '', '', 2024-02-20, 2024-02-21",
    "2024-02-20, 2024-02-25, events, '', 2024-02-24, 2024-02-24",
    "2020-12-25, 2024-02-25, '', topic 1, 2020-12-20, 2020-12-27",
    "2020-12-25, 2020-12-26, '', '', 2024-02-20, 2024-02-21",
  })
  void listsActiveUsers(
      String from, String to, String kind, String topic, String cohortFrom, String cohortTo) {
    addRandomRows(8);
    String query =
        "/stats/users?from=%s&to=%s".formatted(from, to)
            + timeZone()
            + (kind.isEmpty() ? "" : "&kind=" + kind)
            + (topic.isEmpty() ? "" : "&topic=" + topic.replace(" ", "%20"))
            + (cohortFrom.isEmpty()
                ? ""
                : "&cohort_from=%s&cohort_to=%s".formatted(cohortFrom, cohortTo));
    Map<String, Row> firsts = new TreeMap<>();
    rowsOf(kind, topic)
        .forEach(
            row ->
                firsts.merge(
                    row.user(), row, (one, other) -> one.at().isBefore(other.at()) ? one : other));
    Set<String> users = new TreeSet<>();
    firsts.forEach(
        (user, first) -> {
          if (cohortFrom.isEmpty() || isWithin(first, cohortFrom, cohortTo)) {
            users.add(user);
          }
        });
    users.retainAll(
        rowsOf(kind, topic).stream()
            .filter(row -> isWithin(row, from, to))
            .map(Row::user)
            .collect(toCollection(HashSet::new)));
    List<String> listed = http.csv(query + "&limit=1000");
    assertThat(listed.get(0)).isEqualTo("user_id");
    assertThat(listed.subList(1, listed.size())).containsExactlyInAnyOrderElementsOf(users);
    if (users.size() > 4) {
      JsonNode page = http.json(http.getCounted(query + "&limit=2&offset=2"));
      assertThat(page.get("users").getIntValue()).isEqualTo(users.size());
      assertThat(page.get("items").get(1).get("user_id").getStringValue()).isEqualTo(listed.get(4));
      assertThat(page.get("items").size()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-20, keyword 1, ''",
    "2024-02-29, 2024-03-10, ' KEYWORD 2', searches",
    "2020-12-20, 2024-03-10, keyword 3, ''",
    "2020-12-20, 2024-03-10, keyword, ''"
  })
  void listsUsersWhoSearchedForAKeyword(String from, String to, String keyword, String kind) {
    addRandomRows(9);
    Set<String> users =
        rowsOf("searches", "").stream()
            .filter(row -> row.keyword().equals(keyword.strip().toLowerCase(Locale.ROOT)))
            .filter(row -> isWithin(row, from, to))
            .map(Row::user)
            .collect(toCollection(TreeSet::new));
    String query =
        "/stats/users?from=%s&to=%s&keyword=%s"
                .formatted(from, to, URLEncoder.encode(keyword, UTF_8))
            + timeZone()
            + (kind.isEmpty() ? "" : "&kind=" + kind);
    assertThat(http.csv(query + "&limit=1000"))
        .containsExactlyElementsOf(lines("user_id", users.stream()));
    JsonNode page = http.json(http.getCounted(query + "&limit=2&offset=1"));
    assertThat(page.get("users").getIntValue()).isEqualTo(users.size());
    assertThat(page.get("items").size()).isEqualTo(Math.min(2, Math.max(0, users.size() - 1)));
    assertThat(page.get("source").getStringValue()).isEqualTo("log");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Kiritimati",
        "-12:00"
      })
  void answersForDaysOfOtherTimeZones(String tz) {
    zone = ZoneId.of(tz);
    countsActiveUsers("2024-02-28", "2024-03-12", "day", "", "");
    countsActiveUsers("2020-12-28", "2021-01-04", "week", "searches", "");
    countsActiveUsers("2024-02-29", "2024-02-29", "month", "", "topic 1");
    listsActiveUsers("2024-02-29", "2024-03-01", "", "", "2024-02-27", "2024-02-29");
    listsUsersWhoSearchedForAKeyword("2024-02-29", "2024-03-01", "keyword 4", "");
    computesRetention("2024-02-29", "2024-03-12", "day", 4, "", "");
    computesRetention("2020-12-28", "2021-01-04", "week", 2, "events", "");
    computesRetention("2024-02-29", "2024-03-01", "day", 2, "", "topic 1");
    listsTheMostFrequentTopics("2024-02-29", "2024-02-29", 10);
    listsTheMostFrequentTopics("2020-12-28", "2024-03-12", 10);
    HttpResponse<String> response =
        http.getCounted("/stats/dau?from=2024-02-29&to=2024-02-29" + timeZone());
    assertThat(response.headers().firstValue("Lastword-Source")).hasValue("log");
    assertThat(response.headers().firstValue("ETag")).isPresent();
  }

  @Test
  void otherNamesOfUtcHaveCounts() {
    for (String tz : List.of("UTC", "Z", "Etc/UTC", "GMT", "+00:00")) {
      HttpResponse<String> response =
          http.getCounted(
              "/stats/dau?from=2024-02-29&to=2024-02-29&tz=" + URLEncoder.encode(tz, UTF_8));
      assertThat(response.headers().firstValue("Lastword-Source")).hasValue("counts");
    }
    assertThat(http.getCounted("/stats/dau?tz=+02:00").statusCode()).isEqualTo(200);
  }

  @Test
  void usersWhoAreNotCountedYetAreActiveInOtherTimeZones() {
    LocalDateTime at = LocalDateTime.of(2024, 2, 29, 23, 30);
    add(List.of(Row.event("t", "ann", at), Row.event("t", "bob", at)));
    tables.execute("DELETE FROM user_number WHERE user_id IN ('ann', 'bob')");
    assertThat(http.getCounted("/stats/dau?from=2024-03-01&to=2024-03-01&tz=Europe/Berlin").body())
        .isEqualTo("[{\"date\":\"2024-03-01\",\"active_users\":2}]");
  }

  @Test
  void eventAnalyticsClientsAskForRetentionInTheirWay() {
    addRandomRows(5);
    assertThat(http.csv("/stats/retention?start_date=2020-12-23&windows=3&window_type=weekly"))
        .isEqualTo(
            http.csv("/stats/retention?from=2020-12-21&to=2021-01-10&granularity=week&periods=3"));
    assertThat(http.csv("/stats/retention?start_date=2020-12-23&windows=2"))
        .isEqualTo(http.csv("/stats/retention?from=2020-12-23&to=2020-12-24&periods=2"));
  }

  @Test
  void aCohortWithoutUsersHasNoRate() {
    JsonNode cohort =
        http.json(http.getCounted("/stats/retention?from=2020-01-01&to=2020-01-01&periods=1"))
            .get("items")
            .get(0);
    assertThat(cohort.get("size").getIntValue()).isZero();
    assertThat(cohort.get("periods").size()).isEqualTo(2);
    assertThat(cohort.get("periods").get(1).get("rate").isNull()).isTrue();
  }

  @Test
  void periodsThatHaveNotBegunAreLeftOut() {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    JsonNode cohort =
        http.json(http.getCounted("/stats/retention?periods=3&from=" + today)).get("items").get(0);
    assertThat(cohort.get("periods").size()).isEqualTo(1);
  }

  @Test
  void aLateEventMovesAUserToAnEarlierCohort() {
    LocalDateTime day = LocalDateTime.of(2024, 2, 29, 12, 0);
    add(List.of(Row.event("t", "ann", day), Row.event("t", "bob", day)));
    String query = "/stats/retention?from=2024-02-28&to=2024-02-29&periods=1";
    assertThat(http.csv(query))
        .containsExactly(
            "cohort,size,period,returned,rate",
            "2024-02-28,0,0,0,",
            "2024-02-28,0,1,0,",
            "2024-02-29,2,0,2,1.0000",
            "2024-02-29,2,1,0,0.0000");
    add(List.of(Row.search("late", "ann", day.minusDays(1))));
    assertThat(http.csv(query))
        .containsExactly(
            "cohort,size,period,returned,rate",
            "2024-02-28,1,0,1,1.0000",
            "2024-02-28,1,1,1,1.0000",
            "2024-02-29,1,0,1,1.0000",
            "2024-02-29,1,1,0,0.0000");
  }

  @ParameterizedTest
  @CsvSource({
    "2020-12-20, 2021-01-20, 10",
    "2024-02-29, 2024-02-29, 100",
    "2015-01-01, 2024-12-31, 2",
    "2018-01-01, 2018-12-31, 10"
  })
  void listsTheMostFrequentTopics(String from, String to, int limit) {
    addRandomRows(6);
    Map<String, Long> counts =
        rowsOf("events", "").stream()
            .filter(row -> isWithin(row, from, to))
            .collect(Collectors.groupingBy(Row::topic, Collectors.counting()));
    addAnonymous(counts, from, to);
    assertThat(
            http.csv(
                "/stats/top-events?from=%s&to=%s&limit=%d".formatted(from, to, limit) + timeZone()))
        .containsExactlyElementsOf(
            lines(
                "event_type,count",
                counts.entrySet().stream()
                    .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(limit)
                    .map(topic -> topic.getKey() + "," + topic.getValue())));
  }

  @Test
  void topicsHavePages() {
    addRandomRows(8);
    String path = "/stats/top-events?from=2020-12-20&to=2024-12-31";
    List<String> all = http.csv(path);
    assertThat(all).hasSizeGreaterThan(3);
    assertThat(http.csv(path + "&limit=2&offset=1"))
        .containsExactly(all.get(0), all.get(2), all.get(3));
  }

  @Test
  void answersThatAreOverHaveAnEtagUntilTheirDaysChange() {
    addRandomRows(7);
    for (String path :
        List.of(
            "/stats/dau?from=2020-12-20&to=2021-01-20",
            "/stats/retention?from=2020-12-20&to=2021-01-20",
            "/stats/users?from=2020-12-20&to=2021-01-20",
            "/stats/top-events?from=2020-12-20&to=2021-01-20")) {
      HttpResponse<String> first = http.getCounted(path);
      String etag = first.headers().firstValue("ETag").orElseThrow();
      assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
      HttpResponse<String> again = http.getCounted(path, "If-None-Match", "\"other\", W/" + etag);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers().firstValue("ETag")).hasValue(etag);
      assertThat(http.getCounted(path, "Accept", "text/csv").headers().firstValue("ETag"))
          .isPresent()
          .isNotEqualTo(first.headers().firstValue("ETag"));
      add(List.of(Row.event("topic 1", "new at " + path, LocalDateTime.of(2020, 12, 25, 0, 0))));
      HttpResponse<String> changed = http.getCounted(path, "If-None-Match", etag);
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.body()).isNotEqualTo(first.body());
    }
  }

  @Test
  void aTextOfOneQueryDoesNotMakeItAnother() {
    addRandomRows(7);
    String path = "/stats/users?from=2020-12-20&to=2021-01-20&";
    List<String> etags =
        Stream.of(
                "keyword=bus&limit=3",
                "keyword=bus%5D%2C+limit%3D%5B3",
                "keyword=bus%26limit%3D3",
                "keyword=bus%3D&limit=3",
                "keyword=bus%253D&limit=3")
            .map(query -> http.getCounted(path + query).headers().firstValue("ETag").orElseThrow())
            .toList();
    assertThat(etags).doesNotHaveDuplicates();
  }

  @Test
  void aVersionOfPastDaysNeverReturnsEvenAfterARestore() throws Exception {
    addRandomRows(7);
    String path = "/stats/top-events?from=2020-12-20&to=2021-01-20";
    long backup = TestDatabase.number(url, "SELECT MAX(past_changes) FROM rollup_head");
    add(List.of(Row.event("lost", "ann", LocalDateTime.of(2020, 12, 25, 0, 0))));
    String etag = http.getCounted(path).headers().firstValue("ETag").orElseThrow();
    TestDatabase.execute(url, "UPDATE rollup_head SET past_changes = %d".formatted(backup));
    add(List.of(Row.event("other", "ann", LocalDateTime.of(2020, 12, 25, 0, 0))));
    HttpResponse<String> restored = http.getCounted(path, "If-None-Match", etag);
    assertThat(restored.statusCode()).isEqualTo(200);
    assertThat(restored.body()).contains("other");
  }

  @Test
  void answersAboutTodayAreNotCached() {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    HttpResponse<String> response = http.getCounted("/stats/dau?from=" + today);
    assertThat(response.headers().firstValue("ETag")).isEmpty();
    assertThat(response.headers().firstValue(Answers.AS_OF)).isPresent();
    add(List.of(Row.event("t", "ann", LocalDateTime.now(ZoneOffset.UTC))));
    assertThat(http.getCounted("/stats/dau?from=" + today).body()).isNotEqualTo(response.body());
  }

  @Test
  void anEventIsCountedInTheNextAnswerOfAnyNode() throws Exception {
    try (EmbeddedServer other =
        ApplicationContext.run(EmbeddedServer.class, Map.of("lastword.db.url", url))) {
      for (int i = 1; i <= 20; i++) {
        String event =
            "{\"topic\":\"order\",\"event_id\":\"e%d\",\"user_id\":\"u%d\",\"occurred_at\":\"2024-02-29T00:00:00Z\"}"
                .formatted(i, i);
        assertThat(http.post("/events", event, "Content-Type", "application/json").statusCode())
            .isEqualTo(202);
        assertThat(
                HttpCalls.getAsync(other, "/stats/dau?from=2024-02-29&to=2024-02-29").get().body())
            .isEqualTo("[{\"date\":\"2024-02-29\",\"active_users\":%d}]".formatted(i));
        assertThat(
                HttpCalls.getAsync(other, "/stats/top-events?from=2024-02-29&to=2024-02-29")
                    .get()
                    .body())
            .isEqualTo("[{\"event_type\":\"order\",\"count\":%d}]".formatted(i));
      }
    }
  }

  @Test
  void theLastThirtyDaysAreTheDefault() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<String> lines = http.csv("/stats/dau");
    assertThat(lines).hasSize(31);
    assertThat(lines.get(30)).startsWith(today.toString());
    assertThat(http.csv("/stats/dau?to=2024-03-01").get(1)).isEqualTo("2024-02-01,0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dau?from=2024-02-02&to=2024-02-01|from must not be later than to.",
        "dau?from=2024-02-30|from must be a date such as 2026-01-31.",
        "dau?to=tomorrow|to must be a date such as 2026-01-31.",
        "dau?to=3000-01-01|to must be before 3000.",
        "retention?start_date=3000-01-01|start_date must be before 3000.",
        "dau?from=2014-01-01&to=2024-01-09|from and to must span at most 3660 days.",
        "dau?granularity=year|granularity must be one of: day, week, month.",
        "dau?kind=clicks|kind must be one of: searches, events.",
        "dau?kind=searches&topic=t|topic applies to events only.",
        "dau?tz=Berlin|tz must be a time zone such as Europe/Berlin or +02:00.",
        "top-events?tz=|tz must be a time zone such as Europe/Berlin or +02:00.",
        "retention?tz=+25:00|tz must be a time zone such as Europe/Berlin or +02:00.",
        "dau?topic=|topic must not be empty.",
        "dau?user=ann|Unknown parameter 'user'. Use: from, granularity, kind, to, topic, tz.",
        "top-events?offset=10001|offset must be from 0 to 10000.",
        "top-events?limit=0|limit must be from 1 to 100.",
        "top-events?limit=101|limit must be from 1 to 100.",
        "top-events?from=2024-02-02&to=2024-02-01|from must not be later than to.",
        "users?cohort_from=2024-01-01|cohort_from and cohort_to need each other.",
        "users?keyword=a&kind=events|keyword applies to searches only.",
        "users?keyword=a&topic=t|keyword applies to searches only.",
        "users?keyword=|keyword must not be empty.",
        "users?keyword=a&cohort_from=2024-01-01&cohort_to=2024-01-02|keyword cannot be combined with a cohort.",
        "users?cohort_from=2024-01-02&cohort_to=2024-01-01|cohort_from must not be later than cohort_to.",
        "users?cohort_from=2014-01-01&cohort_to=2014-01-02&from=2024-01-08&to=2024-01-09|from and to must span at most 3660 days.",
        "users?limit=1001|limit must be from 1 to 1000.",
        "users?offset=10001|offset must be from 0 to 10000.",
        "retention?periods=0|periods must be from 1 to 100.",
        "retention?periods=101|periods must be from 1 to 100.",
        "retention?from=2023-01-01&to=2024-01-02|from and to must span at most 366 cohorts; use another granularity.",
        "retention?windows=3|windows and window_type need start_date.",
        "retention?start_date=2024-01-01&windows=11|windows must be from 1 to 10.",
        "retention?start_date=2024-01-01&window_type=hourly|window_type must be one of: daily, weekly.",
        "retention?start_date=2024-01-01&to=2024-01-02|start_date replaces from, to, granularity and periods; use either.",
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
        "dau?from=2014-01-01&to=2024-01-08",
        "top-events?limit=100&offset=10000",
        "users?limit=1000&offset=10000",
        "users?cohort_from=2014-01-01&cohort_to=2014-01-02&from=2024-01-08&to=2024-01-08",
        "retention?periods=100",
        "retention?from=2999-12-31&to=2999-12-31&granularity=month&periods=100",
        "retention?from=2023-01-01&to=2024-01-01",
        "retention?start_date=2024-01-01&windows=10&window_type=weekly",
      })
  void answersUpToTheLimits(String path) {
    assertThat(http.getCounted("/stats/" + path).statusCode()).isEqualTo(200);
  }

  private String timeZone() {
    return zone.equals(ZoneOffset.UTC) ? "" : "&tz=" + URLEncoder.encode(zone.getId(), UTF_8);
  }

  /** Returns the rows with the times that clocks of the time zone showed. */
  private List<Row> localRows() {
    return rows.stream()
        .map(
            row ->
                new Row(
                    row.tenant(),
                    row.at().atZone(ZoneOffset.UTC).withZoneSameInstant(zone).toLocalDateTime(),
                    row.topic(),
                    row.keyword(),
                    row.user(),
                    row.keystrokes()))
        .toList();
  }

  private static List<String> lines(String head, Stream<String> lines) {
    return Stream.concat(Stream.of(head), lines).toList();
  }

  /** Returns the rows of the default tenant with a user. */
  private List<Row> rowsOf(String kind, String topic) {
    return localRows().stream()
        .filter(row -> row.tenant() == 1 && row.user() != null)
        .filter(row -> kind.isEmpty() || kind.equals("events") == (row.topic() != null))
        .filter(row -> topic.isEmpty() || topic.equals(row.topic()))
        .toList();
  }

  private void addAnonymous(Map<String, Long> counts, String from, String to) {
    for (Row row : localRows()) {
      if (row.tenant() == 1
          && row.user() == null
          && row.topic() != null
          && isWithin(row, from, to)) {
        counts.merge(row.topic(), 1L, Long::sum);
      }
    }
  }

  private static boolean isWithin(Row row, String from, String to) {
    String day = row.at().toLocalDate().toString();
    return day.compareTo(from) >= 0 && day.compareTo(to) <= 0;
  }

  private Stream<String> retention(
      Collection<LocalDate> cohorts, String granularity, int periods, String kind, String topic) {
    Map<String, LocalDate> firsts = new TreeMap<>();
    for (Row row : rowsOf(kind, topic)) {
      firsts.merge(
          row.user(), row.at().toLocalDate(), (one, other) -> one.isBefore(other) ? one : other);
    }
    return cohorts.stream()
        .flatMap(
            cohort -> {
              Set<String> users =
                  firsts.entrySet().stream()
                      .filter(first -> start(first.getValue(), granularity).equals(cohort))
                      .map(Map.Entry::getKey)
                      .collect(toCollection(TreeSet::new));
              return IntStream.rangeClosed(0, periods)
                  .mapToObj(period -> line(cohort, users, granularity, period, kind, topic));
            });
  }

  private String line(
      LocalDate cohort,
      Set<String> users,
      String granularity,
      int period,
      String kind,
      String topic) {
    LocalDate start = cohort;
    for (int i = 0; i < period; i++) {
      start = next(start, granularity);
    }
    LocalDate begin = start;
    long returned =
        users.stream().filter(user -> isActive(user, begin, granularity, kind, topic)).count();
    String rate = users.isEmpty() ? "" : "%.4f".formatted(1.0 * returned / users.size());
    return "%s,%d,%d,%d,%s"
        .formatted(cohort, users.size(), period, returned, rate.replace(',', '.'));
  }

  private boolean isActive(
      String user, LocalDate start, String granularity, String kind, String topic) {
    Predicate<Row> within = row -> start(row.at().toLocalDate(), granularity).equals(start);
    return rowsOf(kind, topic).stream()
        .anyMatch(row -> user.equals(row.user()) && within.test(row));
  }

  private static Collection<LocalDate> periods(String from, String to, String granularity) {
    return LocalDate.parse(from)
        .datesUntil(LocalDate.parse(to).plusDays(1))
        .map(day -> start(day, granularity))
        .collect(toCollection(TreeSet::new));
  }

  private static LocalDate next(LocalDate start, String granularity) {
    LocalDate day = start.plusDays(1);
    while (start(day, granularity).equals(start)) {
      day = day.plusDays(1);
    }
    return day;
  }

  /** By other means than the code: week-based years and weeks of ISO 8601. */
  private static LocalDate start(LocalDate day, String granularity) {
    LocalDate start = day;
    while (isSamePeriod(start.minusDays(1), day, granularity)) {
      start = start.minusDays(1);
    }
    return start;
  }

  private static boolean isSamePeriod(LocalDate one, LocalDate other, String granularity) {
    return switch (granularity) {
      case "day" -> one.equals(other);
      case "week" -> week(one).equals(week(other));
      default -> one.toString().substring(0, 7).equals(other.toString().substring(0, 7));
    };
  }

  private static List<Integer> week(LocalDate day) {
    return Arrays.asList(
        day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
  }
}
