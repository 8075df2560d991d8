package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import dev.lastword.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests errors of MySQL and MariaDB, from their references and from servers. */
class DatabaseErrorTest {

  @ParameterizedTest
  @CsvSource({
    "1213, 40001, CONFLICT, deadlock",
    "1205, HY000, CONFLICT, lock wait time-out: MySQL 8.0 and MariaDB",
    "1205, 41000, CONFLICT, lock wait time-out: older MySQL",
    "1020, HY000, CONFLICT, record has changed since last read: MariaDB",
    "3572, HY000, CONFLICT, NOWAIT: MySQL",
    "3101, 40000, CONFLICT, group replication rolled back",
    "1062, 23000, DATA, duplicate key",
    "1048, 23000, DATA, NULL",
    "1406, 22001, DATA, too long",
    "1264, 22003, DATA, out of range",
    "1292, 22007, DATA, wrong date",
    "1366, HY000, DATA, wrong string",
    "1366, 22007, DATA, wrong string: MariaDB",
    "1265, 01000, DATA, truncated",
    "1364, HY000, DATA, no default",
    "3140, 22032, DATA, JSON: MySQL",
    "4025, 23000, DATA, CHECK: MariaDB",
    "3819, HY000, DATA, CHECK: MySQL",
    "1526, HY000, DATA, no partition",
    "1644, 45000, DATA, SIGNAL",
    "1644, 45123, DATA, SIGNAL",
    "1301, HY000, DATA, result larger than max_allowed_packet",
    "1153, 08S01, DATA, packet larger than max_allowed_packet",
    "1118, 42000, DATA, row too large",
    "0,    08S01, UNAVAILABLE, communications link failure",
    "0,    08001, UNAVAILABLE, no connection",
    "1040, 08004, UNAVAILABLE, too many connections",
    "1053, 08S01, UNAVAILABLE, shutting down",
    "1021, HY000, UNAVAILABLE, disk full",
    "1114, HY000, UNAVAILABLE, table space full",
    "1290, HY000, UNAVAILABLE, read-only",
    "1836, HY000, UNAVAILABLE, read-only mode",
    "1792, 25006, UNAVAILABLE, read-only transaction",
    "1203, 42000, UNAVAILABLE, too many connections of this user",
    "1226, 42000, UNAVAILABLE, resource limit of this user",
    "1317, 70100, UNAVAILABLE, query interrupted",
    "1927, 70100, UNAVAILABLE, connection killed: MariaDB",
    "1969, 70100, UNAVAILABLE, max_statement_time: MariaDB",
    "4031, HY000, UNAVAILABLE, disconnected for inactivity: MySQL",
    "1064, 42000, OTHER, syntax",
    "1146, 42S02, OTHER, no such table",
    "1142, 42000, OTHER, no privilege",
    "1045, 28000, OTHER, access denied",
    "1049, 42000, OTHER, no such database",
    "0,    ,      OTHER, no state",
  })
  void anErrorIsKnownByNumberOrState(
      int code, String state, DatabaseError expected, String meaning) {
    var error = new IllegalStateException("wrapped", new SQLException(meaning, state, code));
    assertThat(DatabaseError.of(error)).as(meaning).isEqualTo(expected);
  }

  @Test
  void whatIsNoErrorOfTheDatabaseIsNotBadData() {
    assertThat(DatabaseError.of(new IllegalStateException("no SQL")))
        .isEqualTo(DatabaseError.OTHER);
    assertThat(DatabaseError.of(new IllegalStateException(new IOException("broken pipe"))))
        .isEqualTo(DatabaseError.OTHER);
  }

  @Test
  void theDriverAndThePoolAreUnderstood() {
    assertThat(DatabaseError.of(new PacketTooBigException(70_000_000, 64_000_000)))
        .isEqualTo(DatabaseError.DATA);
    assertThat(DatabaseError.of(new SQLTransientConnectionException("pool: no connection")))
        .isEqualTo(DatabaseError.UNAVAILABLE);
  }

  @Test
  void theErrorsOfThisDatabaseAreUnderstood() throws SQLException {
    // Like the product; otherwise, the driver itself would refuse the last statement.
    String url = TestDatabase.createEmpty() + "&useLocalSessionState=true";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE t (n INT CHECK (n < 5), s VARCHAR(3), j JSON, PRIMARY KEY (n))
          """);
      statement.execute(
          """
          CREATE TABLE p (d DATE) PARTITION BY RANGE COLUMNS (d) (PARTITION p0 VALUES LESS THAN ('2000-01-01'))
          """);
      statement.execute(
          """
          CREATE TRIGGER no_sevens BEFORE INSERT ON t FOR EACH ROW
          BEGIN IF NEW.s = 'no' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END
          """);
      statement.execute("INSERT INTO t VALUES (1, 'a', NULL)");
      assertThat(error(connection, "INSERT INTO t (n) VALUES (1)")).isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "INSERT INTO t (n) VALUES (9)")).isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "INSERT INTO t (n, s) VALUES (2, 'long')"))
          .isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "INSERT INTO t (n, s) VALUES (2, 'no')"))
          .isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "INSERT INTO t (n, j) VALUES (2, '{')"))
          .isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "INSERT INTO p VALUES ('2020-01-01')"))
          .isEqualTo(DatabaseError.DATA);
      assertThat(error(connection, "SELECT * FROM no_such_table")).isEqualTo(DatabaseError.OTHER);
      assertThat(error(connection, "SELEKT 1")).isEqualTo(DatabaseError.OTHER);
      statement.execute("SET SESSION TRANSACTION READ ONLY");
      assertThat(error(connection, "DELETE FROM t")).isEqualTo(DatabaseError.UNAVAILABLE);
    }
  }

  private static DatabaseError error(Connection connection, String sql) {
    return DatabaseError.of(
        catchThrowable(
            () -> {
              try (var statement = connection.createStatement()) {
                statement.execute(sql);
              }
            }));
  }
}
