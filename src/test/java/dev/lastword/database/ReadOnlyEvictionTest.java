package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class ReadOnlyEvictionTest {

  @Test
  void aConnectionToAServerThatHasBecomeReadOnlyIsReplacedAtOnce() throws SQLException {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(TestDatabase.create()));
    settings.put("lastword.lanes", 1);
    try (var context = ApplicationContext.run(settings)) {
      DataSource database =
          DelegatingDataSource.unwrapDataSource(
              context.getBean(DataSource.class, Qualifiers.byName("lanes")));
      try (Connection connection = database.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("SET SESSION TRANSACTION READ ONLY");
        assertThatThrownBy(() -> statement.execute("DELETE FROM lane_commit"))
            .isInstanceOf(SQLException.class);
      }
      // The pool has one connection, which would be this one again.
      try (Connection connection = database.getConnection();
          var statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("DELETE FROM lane_commit")).isNotNegative();
      }
    }
  }
}
