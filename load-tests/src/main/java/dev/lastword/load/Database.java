package dev.lastword.load;

import dev.lastword.database.EmbeddedDatabase;
import dev.lastword.search.BareWrites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database server to measure, and its schemas. */
record Database(String serverUrl) {

  static Database of(EmbeddedDatabase embedded) {
    var address = embedded.address();
    return new Database(
        address.url() + "&user=" + address.user() + "&password=" + address.password());
  }

  /** Returns the URL of a schema. */
  String url(String schema) {
    return serverUrl.replaceFirst("(//[^/]+/)[^?]*", "$1" + schema);
  }

  /** Creates an empty schema. */
  void create(String schema) throws SQLException {
    execute("", "DROP DATABASE IF EXISTS " + schema, "CREATE DATABASE " + schema);
  }

  void drop(String schema) throws SQLException {
    execute("", "DROP DATABASE IF EXISTS " + schema);
  }

  /** Opens connections like the lanes of the product: the server keeps statements prepared. */
  BareWrites.Connections prepared(String schema) {
    return connections(schema, "&useServerPrepStmts=true&rewriteBatchedStatements=true");
  }

  /** Opens connections whose statements the driver sends as text, a batch as one. */
  BareWrites.Connections text(String schema) {
    return connections(schema, "&rewriteBatchedStatements=true");
  }

  /** Opens connections that send a statement for each row of a batch. */
  BareWrites.Connections rowByRow(String schema) {
    return connections(schema, "&rewriteBatchedStatements=false");
  }

  private BareWrites.Connections connections(String schema, String options) {
    return () ->
        DriverManager.getConnection(
            url(schema)
                + "&useLocalSessionState=true&cachePrepStmts=true&prepStmtCacheSqlLimit=1048576"
                + "&connectionTimeZone=UTC"
                + options);
  }

  void execute(String schema, String... statements) throws SQLException {
    try (Connection connection = text(schema).open();
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  String text(String schema, String query) throws SQLException {
    try (Connection connection = text(schema).open();
        var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(row.getMetaData().getColumnCount())) : "";
    }
  }

  double number(String schema, String query) throws SQLException {
    String text = text(schema, query);
    return text.isEmpty() || text.equals("null") ? Double.NaN : Double.parseDouble(text);
  }

  /** Returns the CPU seconds that the server has used; NaN if it does not run here. */
  double cpu() throws SQLException {
    try {
      Path pidFile = Path.of(text("", "SELECT @@pid_file"));
      Path file =
          pidFile.isAbsolute() ? pidFile : Path.of(text("", "SELECT @@datadir")).resolve(pidFile);
      return Service.cpu(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  String describe() throws SQLException {
    return text("", "SELECT VERSION()")
        + ", innodb_flush_log_at_trx_commit="
        + text("", "SELECT @@innodb_flush_log_at_trx_commit")
        + ", log_bin="
        + text("", "SELECT @@log_bin")
        + ", buffer pool "
        + Math.round(number("", "SELECT @@innodb_buffer_pool_size") / (1 << 20))
        + " MiB";
  }
}
