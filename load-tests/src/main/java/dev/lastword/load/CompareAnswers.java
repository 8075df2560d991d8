package dev.lastword.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares answers with the same answers from the raw tables: {@code CompareAnswers [--rows N]
 * [--mysql URL]}.
 */
final class CompareAnswers {
  private static final String SCHEMA = "lastword_compare_answers";
  private static final int WARM_UP = 100;
  private static final int WARM_UP_SECONDS = 10;
  private static final int REPEATS = 21;
  private static final List<String> TABLES =
      List.of(
          "event_log",
          "search_log",
          "daily_topic",
          "daily_event",
          "daily_search",
          "hourly_search",
          "user_number",
          "active_user");

  /**
   * A question.
   *
   * @param path of the answer
   * @param days that it is about, up to today
   * @param sql the same from the raw tables; {first} and {end} are the first day and the day after
   *     the last
   */
  private record Question(String path, int days, String sql) {}

  private static final Map<String, Question> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put(
        "DAU, events",
        new Question(
            "/stats/dau?kind=events",
            90,
            """
            SELECT DATE(occurred_at) AS day, COUNT(DISTINCT user_id) FROM event_log
            WHERE tenant_id = 1 AND occurred_at >= '{first}' AND occurred_at < '{end}' GROUP BY day
            """));
    QUESTIONS.put(
        "WAU, events",
        new Question(
            "/stats/dau?kind=events&granularity=week",
            90,
            """
            SELECT YEARWEEK(occurred_at, 3) AS week, COUNT(DISTINCT user_id) FROM event_log
            WHERE tenant_id = 1 AND occurred_at >= '{first}' AND occurred_at < '{end}' GROUP BY week
            """));
    QUESTIONS.put(
        "top events",
        new Question(
            "/stats/top-events?limit=10",
            90,
            """
            SELECT topic, COUNT(*) AS n FROM event_log
            WHERE tenant_id = 1 AND occurred_at >= '{first}' AND occurred_at < '{end}' GROUP BY topic ORDER BY n DESC LIMIT 10
            """));
    QUESTIONS.put(
        "retention, 90 by 90 days",
        new Question(
            "/stats/retention?kind=events&periods=90",
            90,
            """
            SELECT first_day, DATEDIFF(day, first_day) AS period, COUNT(*)
            FROM (SELECT DISTINCT user_id, DATE(occurred_at) AS day FROM event_log WHERE tenant_id = 1) AS active
            JOIN (SELECT user_id, MIN(DATE(occurred_at)) AS first_day FROM event_log WHERE tenant_id = 1
                  GROUP BY user_id) AS firsts USING (user_id)
            GROUP BY first_day, period
            """));
    QUESTIONS.put(
        "average per day, one topic",
        new Question(
            "/stats/aggregate?fn=avg&topic=topic-7",
            90,
            """
            SELECT DATE(occurred_at) AS day, AVG(value) FROM event_log
            WHERE tenant_id = 1 AND topic = 'topic-7' AND occurred_at >= '{first}' AND occurred_at < '{end}' GROUP BY day
            """));
    QUESTIONS.put(
        "average per day, all topics",
        new Question(
            "/stats/aggregate?fn=avg",
            90,
            """
            SELECT DATE(occurred_at) AS day, AVG(value) FROM event_log
            WHERE tenant_id = 1 AND occurred_at >= '{first}' AND occurred_at < '{end}' GROUP BY day
            """));
    QUESTIONS.put(
        "sessions per day",
        new Question(
            "/stats/sessions?tz=UTC",
            90,
            """
            SELECT DATE(searched_at) AS day, COUNT(DISTINCT session_id), COUNT(*), SUM(keystrokes) FROM search_log
            WHERE tenant_id = 1 AND searched_at >= '{first}' AND searched_at < '{end}' GROUP BY day
            """));
    QUESTIONS.put(
        "refinements of a keyword, 30 days",
        new Question(
            "/stats/refinements?keyword=keyword%20100",
            30,
            """
            SELECT next, COUNT(*) FROM (
              SELECT folded, LEAD(folded) OVER (PARTITION BY session_id ORDER BY searched_at, id) AS next
              FROM search_log WHERE tenant_id = 1 AND searched_at >= '{first}' AND searched_at < '{end}') AS searches
            WHERE folded = 'keyword 100' GROUP BY next
            """));
    QUESTIONS.put(
        "top searches of 45 days",
        new Question(
            "/stats/top-searches?limit=10",
            45,
            """
            SELECT folded, COUNT(*) AS n, COUNT(DISTINCT user_id) AS users, COUNT(DISTINCT session_id) AS sessions
            FROM search_log WHERE tenant_id = 1 AND searched_at >= '{first}' AND searched_at < '{end}'
            GROUP BY folded ORDER BY n DESC LIMIT 10
            """));
    QUESTIONS.put(
        "trending searches of a week",
        new Question(
            "/stats/trending-searches?limit=10",
            7,
            """
            SELECT folded, SUM(searched_at >= '{first}') AS n, SUM(searched_at < '{first}') AS n_before
            FROM search_log
            WHERE tenant_id = 1 AND searched_at >= '{first}' - INTERVAL 7 DAY AND searched_at < '{end}'
            GROUP BY folded HAVING n >= 5
            """));
    QUESTIONS.put(
        "searches over time",
        new Question(
            "/stats/searches-over-time?granularity=week",
            90,
            """
            SELECT YEARWEEK(searched_at, 3) AS week, COUNT(*) FROM search_log
            WHERE tenant_id = 1 AND searched_at >= '{first}' AND searched_at < '{end}' GROUP BY week
            """));
    QUESTIONS.put(
        "searches for a keyword over time",
        new Question(
            "/stats/searches-over-time?keyword=keyword%201",
            90,
            """
            SELECT DATE(searched_at) AS day, COUNT(*) FROM search_log
            WHERE tenant_id = 1 AND folded = 'keyword 1' AND searched_at >= '{first}' AND searched_at < '{end}'
            GROUP BY day
            """));
  }

  private final Database database;
  private final Figures figures;
  private final HttpClient client = HttpClient.newHttpClient();

  private CompareAnswers(Database database) throws Exception {
    this.database = database;
    this.figures = new Figures(database.describe());
  }

  public static void main(String[] args) throws Exception {
    long rows = 10_000_000;
    String url = "";
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--rows" -> rows = Long.parseLong(args[i + 1]);
        case "--mysql" -> url = args[i + 1];
        default -> throw new IllegalArgumentException("unknown: " + args[i]);
      }
    }
    new CompareAnswers(new Database(url)).run(rows);
    System.exit(0);
  }

  private void run(long rows) throws Exception {
    database.create(SCHEMA);
    Path log = Files.createTempFile("lastword-answers", ".log");
    try {
      fill(rows);
      try (Service service = new Service(database.url(SCHEMA), log)) {
        recount(2 * rows);
        sizes();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        awaitSessions(service, today);
        for (Map.Entry<String, Question> question : QUESTIONS.entrySet()) {
          compare(service, question.getKey(), question.getValue(), today);
        }
      }
      figures.print(System.out);
    } finally {
      database.drop(SCHEMA);
    }
  }

  /** Waits until the sessions of all past days are counted. */
  private void awaitSessions(Service service, LocalDate today) throws Exception {
    long start = System.nanoTime();
    String path = "/stats/sessions?from=" + today.minusDays(89);
    while (response(service, path).statusCode() == 503) {
      Thread.sleep(500);
    }
    System.err.printf("sessions counted in %.0f s%n", seconds(start));
  }

  private void fill(long rows) throws Exception {
    System.err.printf("filling %,d events and as many searches%n", rows);
    lastword("migrate");
    // The months of the oldest row, while they are empty.
    for (String table : List.of("event_log", "search_log")) {
      String time = table.equals("event_log") ? "occurred_at" : "searched_at";
      database.execute(
          SCHEMA,
          table.equals("event_log")
              ? "INSERT INTO event_log (bucket, id, occurred_at, tenant_id, topic, event_id, received_at)"
                  + " VALUES (0, 1, UTC_TIMESTAMP(3) - INTERVAL 91 DAY, 1, '', '', UTC_TIMESTAMP(3))"
              : "INSERT INTO search_log (bucket, id, searched_at, tenant_id, session_id, keyword, folded, submitted,"
                  + " keystrokes) VALUES (0, 1, UTC_TIMESTAMP(3) - INTERVAL 91 DAY, 1, '', '', '', 0, 0)");
      lastword("migrate");
      database.execute(SCHEMA, "DELETE FROM %s WHERE %s < UTC_TIMESTAMP()".formatted(table, time));
    }
    long start = System.nanoTime();
    new BigTables(database, SCHEMA).history(rows);
    System.err.printf("filled in %d s%n", (System.nanoTime() - start) / 1_000_000_000);
  }

  private void recount(long rows) throws Exception {
    long start = System.nanoTime();
    lastword("recount");
    figures.add("recount", "rows/s", rows / seconds(start));
  }

  private void lastword(String name) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.lastword.Lastword",
                name)
            .inheritIO();
    command.environment().put("LASTWORD_DB_URL", database.url(SCHEMA));
    if (command.start().waitFor() != 0) {
      throw new IOException("lastword " + name + " failed");
    }
  }

  private void sizes() throws Exception {
    for (String table : TABLES) {
      database.text(SCHEMA, "ANALYZE TABLE " + table);
      figures.add(
          table,
          "MiB",
          database.number(
              SCHEMA,
              """
              SELECT (data_length + index_length) / 1048576 FROM information_schema.tables
              WHERE table_schema = '%s' AND table_name = '%s'
              """
                  .formatted(SCHEMA, table)));
    }
    figures.add(
        "active_user: rows", "rows", database.number(SCHEMA, "SELECT COUNT(*) FROM active_user"));
  }

  private void compare(Service service, String name, Question question, LocalDate last)
      throws Exception {
    LocalDate first = last.minusDays(question.days - 1);
    long start = System.nanoTime();
    database.text(
        SCHEMA,
        "SELECT COUNT(*) FROM (%s) AS answer"
            .formatted(
                question
                    .sql
                    .replace("{first}", first.toString())
                    .replace("{end}", last.plusDays(1).toString())));
    double raw = seconds(start);
    // It ends today, so that it is not cached.
    String path = question.path + "&from=" + first + "&to=" + last;
    start = System.nanoTime();
    for (int i = 0; i < WARM_UP && seconds(start) < WARM_UP_SECONDS; i++) {
      get(service, path);
    }
    double[] times = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      start = System.nanoTime();
      get(service, path);
      times[i] = seconds(start);
    }
    Arrays.sort(times);
    figures.add(name, "ms", 1_000 * times[REPEATS / 2]);
    figures.add(name + ", raw tables", "ms", 1_000 * raw);
    figures.ratio(name + ", times faster", name + ", raw tables", name, 1_000);
  }

  private void get(Service service, String path) throws Exception {
    HttpResponse<String> response = response(service, path);
    if (response.statusCode() != 200) {
      throw new IOException(path + ": " + response.body());
    }
  }

  private HttpResponse<String> response(Service service, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(service.url() + path)).build(), BodyHandlers.ofString());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
