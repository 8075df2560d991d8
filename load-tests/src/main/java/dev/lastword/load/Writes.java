package dev.lastword.load;

import dev.lastword.database.EmbeddedDatabase;
import dev.lastword.search.BareWrites;
import dev.lastword.search.BareWrites.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;

/**
 * Compares ways to write keystrokes: {@code Writes [--mysql URL] [--seconds N] [--rounds N]}. All
 * use the fold of the product, unless their name says otherwise.
 */
final class Writes {
  private static final String SCHEMA = "lastword_writes";

  /** One way; its name says how it differs from the first. */
  private record Try(
      String name,
      String table,
      String fold,
      int writers,
      int rows,
      Way way,
      int isolation,
      Driver driver) {

    double run(Database database, Duration time) throws Exception {
      BareWrites.Connections connections =
          switch (driver) {
            case PREPARED -> database.prepared(SCHEMA);
            case TEXT -> database.text(SCHEMA);
            case ROW_BY_ROW -> database.rowByRow(SCHEMA);
          };
      return new BareWrites(table, fold, writers, rows, way, isolation).run(connections, time);
    }

    Try(String name, int writers, int rows) {
      this(name, Way.MULTI_ROW, Driver.PREPARED, writers, rows);
    }

    Try(String name, Way way, Driver driver, int writers, int rows) {
      this(
          name,
          "bare",
          BareWrites.fold(),
          writers,
          rows,
          way,
          Connection.TRANSACTION_READ_COMMITTED,
          driver);
    }
  }

  private enum Driver {
    /** The server keeps the statement prepared. */
    PREPARED,
    /** The driver writes the values into the text. */
    TEXT,
    /** Likewise, with a statement for each row. */
    ROW_BY_ROW
  }

  private static final List<Try> TRIES =
      List.of(
          new Try("multi-row, prepared by the server, 256 rows, 2 connections", 2, 256),
          new Try("multi-row as text", Way.MULTI_ROW, Driver.TEXT, 2, 256),
          new Try("JDBC batch, rewriteBatchedStatements", Way.JDBC_BATCH, Driver.TEXT, 2, 256),
          new Try("JDBC batch, a statement a row", Way.JDBC_BATCH, Driver.ROW_BY_ROW, 2, 256),
          new Try("JSON_TABLE, one value", Way.JSON_TABLE, Driver.TEXT, 2, 256),
          new Try("1 connection", 1, 256),
          new Try("4 connections", 4, 256),
          new Try("8 connections", 8, 256),
          new Try("1 row a statement", 2, 1),
          new Try("1 row a statement, as text", Way.MULTI_ROW, Driver.TEXT, 2, 1),
          new Try("16 rows", 2, 16),
          new Try("16 rows, as text", Way.MULTI_ROW, Driver.TEXT, 2, 16),
          new Try("64 rows", 2, 64),
          new Try("1,024 rows", 2, 1_024),
          new Try("4,096 rows, packets of 400 KB", 2, 4_096),
          new Try(
              "index on last_seen",
              "bare_indexed",
              BareWrites.fold(),
              2,
              256,
              Way.MULTI_ROW,
              Connection.TRANSACTION_READ_COMMITTED,
              Driver.PREPARED),
          new Try(
              "REPEATABLE READ",
              "bare",
              BareWrites.fold(),
              2,
              256,
              Way.MULTI_ROW,
              Connection.TRANSACTION_REPEATABLE_READ,
              Driver.PREPARED),
          new Try(
              "longest text only, not the fold",
              "bare",
              BareWrites.longest(),
              2,
              256,
              Way.MULTI_ROW,
              Connection.TRANSACTION_READ_COMMITTED,
              Driver.PREPARED));

  private Writes() {}

  public static void main(String[] args) throws Exception {
    String mysql = "";
    int seconds = 3;
    int rounds = 3;
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--mysql" -> mysql = args[i + 1];
        case "--seconds" -> seconds = Integer.parseInt(args[i + 1]);
        case "--rounds" -> rounds = Integer.parseInt(args[i + 1]);
        default -> throw new IllegalArgumentException("unknown: " + args[i]);
      }
    }
    if (!mysql.isBlank()) {
      measure("MySQL", new Database(mysql), Duration.ofSeconds(seconds), rounds);
    }
    Path work = Files.createTempDirectory("lastword-writes");
    try (EmbeddedDatabase mariadb = EmbeddedDatabase.start(work.resolve("data"))) {
      measure("MariaDB", Database.of(mariadb), Duration.ofSeconds(seconds), rounds);
    }
    System.exit(0);
  }

  /** Returns the statement of a migration that begins with {@code start}. */
  private static String migration(String file, String start) throws IOException {
    String sql = Files.readString(Path.of("../sql/migration", file));
    int from = sql.indexOf(start);
    return sql.substring(from, sql.indexOf(";\n", from));
  }

  private static void measure(String name, Database database, Duration time, int rounds)
      throws Exception {
    Figures figures = new Figures(name + " " + database.describe());
    database.create(SCHEMA);
    String table = migration("V1__searches.sql", "CREATE TABLE search_staging");
    for (String copy : List.of("bare", "bare_indexed")) {
      database.execute(SCHEMA, table.replace("search_staging", copy));
    }
    database.execute(SCHEMA, "ALTER TABLE bare_indexed ADD KEY aged (last_seen)");
    TRIES.get(0).run(database, time);
    for (int round = 0; round < rounds; round++) {
      for (Try each : TRIES) {
        database.execute(SCHEMA, "TRUNCATE TABLE " + each.table);
        double cpu = database.cpu();
        long start = System.nanoTime();
        double rate = each.run(database, time);
        double rows = rate * (System.nanoTime() - start) / 1e9;
        figures.add(each.name, "rows/s", rate);
        figures.add(
            each.name + ": CPU of the database", "µs a row", (database.cpu() - cpu) * 1e6 / rows);
      }
    }
    database.drop(SCHEMA);
    for (Try each : TRIES.subList(1, TRIES.size())) {
      figures.ratio(each.name + " / the first", each.name, TRIES.get(0).name, Double.NaN);
    }
    figures.print(System.out);
  }
}
