package dev.lastword.load;

import dev.lastword.database.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Measures what a node takes and refuses if its database is far away: {@code Distance [--mysql
 * URL]}, else the embedded MariaDB.
 */
final class Distance {
  private static final String SCHEMA = "lastword_distance";
  private static final int WARM_UP = 10;
  private static final int SECONDS = 8;
  private static final int[] DELAYS = {0, 10, 100};
  private static final int[] CONNECTIONS = {1, 8, 64, 1_000};

  private final Service service;

  private Distance(Service service) {
    this.service = service;
  }

  public static void main(String[] args) throws Exception {
    if (args.length == 2 && args[0].equals("--mysql")) {
      measure(new Database(args[1]), Files.createTempDirectory("lastword-distance"));
    } else if (args.length > 0) {
      throw new IllegalArgumentException("unknown: " + args[0]);
    } else {
      Path work = Files.createTempDirectory("lastword-distance");
      try (EmbeddedDatabase mariadb = EmbeddedDatabase.start(work.resolve("data"))) {
        measure(Database.of(mariadb), work);
      }
    }
    System.exit(0);
  }

  private static void measure(Database database, Path logs) throws Exception {
    System.out.println(database.describe());
    System.out.println(
        "| ms each way | clients | call, rows a request | rows/s taken | p99 ms | requests refused |");
    System.out.println("|---|---|---|---|---|---|");
    database.create(SCHEMA);
    try (FarDatabase far = new FarDatabase(database.url(SCHEMA));
        Service service = new Service(far.url(), logs.resolve("service.log"))) {
      Distance distance = new Distance(service);
      new Wrk(64, 1, 0).measure(service, "/log", WARM_UP);
      for (int delay : DELAYS) {
        far.moveTo(delay);
        for (int connections : CONNECTIONS) {
          distance.row(delay, "/log", connections, 1);
        }
        distance.row(delay, "/log", 64, 50);
        distance.row(delay, "/events", 8, 1);
        distance.row(delay, "/events", 64, 1);
        distance.row(delay, "/events", 64, 50);
      }
    } finally {
      database.drop(SCHEMA);
    }
  }

  private void row(int delay, String path, int connections, int batch) throws Exception {
    Wrk.Result result = new Wrk(connections, batch, 0).measure(service, path, SECONDS);
    System.out.printf(
        Locale.ROOT,
        "| %d | %,d | %s, %d | %,.0f | %,.0f | %.1f%% |%n",
        delay,
        connections,
        path,
        batch,
        result.rate(),
        result.p99(),
        100 * result.refused());
  }
}
