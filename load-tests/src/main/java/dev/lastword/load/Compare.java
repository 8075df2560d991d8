package dev.lastword.load;

import dev.lastword.database.EmbeddedDatabase;
import dev.lastword.search.BareWrites;
import dev.lastword.search.BareWrites.Way;
import dev.lastword.search.PromotionRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the service with its upper bounds, in turn, in one run.
 *
 * <p>{@code Compare [--quick] [--mysql URL] [--json FILE]}; the embedded MariaDB is always
 * measured.
 */
final class Compare {
  private static final String SCHEMA = "lastword_compare";
  private static final String BIG = "lastword_compare_big";
  private static final String PROMOTION = "lastword_compare_promotion";

  /** The size of a comparison. */
  private record Size(int rounds, int warmUp, int seconds, long logged, long staged, int promoted) {
    static final Size FULL = new Size(3, 40, 8, 10_000_000, 1_000_000, 100_000);
    static final Size QUICK = new Size(3, 15, 2, 200_000, 20_000, 20_000);
  }

  private final Database database;
  private final Size size;
  private final Figures figures;
  private final Path logs;
  private double rate;

  private Compare(String name, Database database, Size size, Path logs) throws Exception {
    this.database = database;
    this.size = size;
    this.logs = logs;
    this.figures = new Figures(name + " " + database.describe());
  }

  public static void main(String[] args) throws Exception {
    Size size = Size.FULL;
    String mysql = "";
    Path json = Path.of("results", "compare.json");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> size = Size.QUICK;
        case "--mysql" -> mysql = args[++i];
        case "--json" -> json = Path.of(args[++i]);
        default -> throw new IllegalArgumentException("unknown: " + args[i]);
      }
    }
    Path work = Files.createTempDirectory("lastword-compare");
    List<Figures> all = new ArrayList<>();
    if (!mysql.isBlank()) {
      all.add(new Compare("MySQL", new Database(mysql), size, work).run());
    }
    try (EmbeddedDatabase mariadb = EmbeddedDatabase.start(work.resolve("data"))) {
      all.add(new Compare("MariaDB", Database.of(mariadb), size, work).run());
    }
    Figures.write(json, machine(), all);
    all.forEach(figures -> figures.print(System.out));
    System.out.println("\n" + json);
    System.exit(0);
  }

  private Figures run() throws Exception {
    System.err.println(database.describe());
    try {
      serve();
      promote();
      return figures;
    } finally {
      for (String schema : List.of(SCHEMA, BIG, PROMOTION)) {
        database.drop(schema);
      }
    }
  }

  private void serve() throws Exception {
    database.create(SCHEMA);
    database.create(BIG);
    try (Service service = new Service(database.url(SCHEMA), logs.resolve("service.log"));
        Service big = new Service(database.url(BIG), logs.resolve("big.log"))) {
      System.err.printf("filling %,d log rows and %,d sessions%n", size.logged, size.staged);
      BigTables tables = new BigTables(database, BIG);
      tables.log(size.logged);
      tables.staging(size.staged);
      database.execute(SCHEMA, "CREATE TABLE bare LIKE search_staging");
      Wrk single = new Wrk(256, 1, 0);
      single.run(service, "/log", size.warmUp);
      single.run(big, "/log", size.warmUp / 2);
      single.run(service, "/noop", size.warmUp / 4);
      new Wrk(64, 100, 0).run(service, "/log", size.warmUp / 4);
      for (int round = 1; round <= size.rounds; round++) {
        System.err.println("round " + round);
        round(service, big);
        if (round == size.rounds || size == Size.FULL) {
          halfLoad(service);
        }
      }
    }
    figures.ratio("durable keystrokes / no-op", "keystrokes", "no-op", 0.5);
    figures.ratio("batched keystrokes / bare upserts", "batched keystrokes", "bare upserts", 0.8);
    figures.ratio(
        "batched keystrokes / one commit each", "batched keystrokes", "one commit each", 10);
    figures.ratio(
        "keystrokes, big tables / empty ones", "keystrokes, big tables", "keystrokes", 0.9);
  }

  private void round(Service service, Service big) throws Exception {
    Wrk single = new Wrk(256, 1, 0);
    figures.add("no-op", "requests/s", single.run(service, "/noop", size.seconds).rate());
    double cpu = service.cpu();
    double serverCpu = database.cpu();
    double statements = statements();
    Wrk.Result keystrokes = single.run(service, "/log", size.seconds);
    double rows = keystrokes.rate() * size.seconds;
    figures.add("keystrokes", "rows/s", keystrokes.rate());
    figures.add("keystrokes: p99", "ms", keystrokes.p99());
    figures.add("keystrokes: CPU of the service", "µs a row", (service.cpu() - cpu) * 1e6 / rows);
    figures.add(
        "keystrokes: CPU of the database", "µs a row", (database.cpu() - serverCpu) * 1e6 / rows);
    figures.add(
        "keystrokes: statements, promotion and all", "a row", (statements() - statements) / rows);
    figures.add("keystrokes, big tables", "rows/s", single.run(big, "/log", size.seconds).rate());
    figures.add(
        "batched keystrokes",
        "rows/s",
        new Wrk(64, 100, 0).run(service, "/log", size.seconds).rate());
    figures.add("bare upserts", "rows/s", bare(BareWrites.fold(), 4, 256));
    figures.add("bare upserts, longest text only", "rows/s", bare(BareWrites.longest(), 4, 256));
    figures.add("one commit each", "rows/s", bare(BareWrites.fold(), 8, 1));
    rate = keystrokes.rate();
  }

  /** Measures half the rate, by pauses of the connections, and the lag of promotion meanwhile. */
  private void halfLoad(Service service) throws Exception {
    int connections = 64;
    long pause = Math.max(1, Math.round(connections * 1_000 / (rate / 2)));
    Instant start = Instant.now();
    // Long enough for the first searches to pass their window.
    Wrk.Result half =
        new Wrk(connections, 1, pause).run(service, "/log", Math.max(8, size.seconds));
    figures.add("half load", "rows/s", half.rate());
    figures.add("half load: p99", "ms", half.p99());
    figures.add("half load: p99 from the window's end to the log", "ms", lag(start));
  }

  /** Returns the lag of promotion; ids begin with its time in milliseconds. */
  private double lag(Instant since) throws Exception {
    String searches =
        "SELECT (id >> 22) - ROUND(UNIX_TIMESTAMP(searched_at) * 1000) - 5000 AS late FROM search_log"
            + " WHERE searched_at >= '%s'"
                .formatted(
                    since
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString()
                        .replace("T", " ")
                        .replace("Z", ""));
    double rows = database.number(SCHEMA, "SELECT COUNT(*) FROM (" + searches + ") searches");
    return database.number(
        SCHEMA, searches + " ORDER BY late DESC LIMIT 1 OFFSET " + (long) (rows / 100));
  }

  private double bare(String fold, int writers, int rows) throws Exception {
    return new BareWrites(
            "bare", fold, writers, rows, Way.MULTI_ROW, Connection.TRANSACTION_READ_COMMITTED)
        .run(database.prepared(SCHEMA), Duration.ofSeconds(size.seconds));
  }

  private double statements() throws Exception {
    return database.number("", "SHOW GLOBAL STATUS LIKE 'Questions'");
  }

  private void promote() throws Exception {
    database.create(PROMOTION);
    BigTables tables = new BigTables(database, PROMOTION);
    try (PromotionRun run = new PromotionRun(database.url(PROMOTION), database.text(PROMOTION))) {
      for (int round = 0; round <= size.rounds; round++) {
        tables.aged(size.promoted);
        double bare = run.insertAndDelete();
        tables.aged(size.promoted);
        double promoted = run.promote();
        double counted = run.counted();
        tables.continued(size.promoted);
        double amended = run.promote();
        double countedAnew = run.counted();
        if (round > 0) { // the first warms up
          figures.add("promotion", "rows/s", promoted);
          figures.add("promotion that amends", "rows/s", amended);
          figures.add("rollup", "rows/s", counted);
          figures.add("rollup of amended searches", "rows/s", countedAnew);
          figures.add("bare insert and delete", "rows/s", bare);
        }
      }
    }
    figures.ratio("promotion / bare insert and delete", "promotion", "bare insert and delete", 0.7);
    figures.ratio("promotion that amends / promotion", "promotion that amends", "promotion", 0.4);
    figures.ratio(
        "rollup of amended searches / rollup", "rollup of amended searches", "rollup", 0.2);
  }

  private static Map<String, String> machine() throws Exception {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("measured_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    Path cpus = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpus)) {
      Files.readAllLines(cpus).stream()
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .ifPresent(line -> machine.put("cpu", line.substring(line.indexOf(':') + 2)));
    }
    return machine;
  }
}
