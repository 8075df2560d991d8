package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandContextTest {

  private final String url = TestDatabase.create();

  @Test
  void aCommandDoesNoneOfTheWorkOfANode() throws SQLException {
    try (CommandContext command = new CommandContext(TestDatabase.settings(url))) {
      command.startWithoutJobs(command.database());
      stageAnOldRow();
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(10))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_staging") == 1);
      assertThat(number(url, "SELECT COUNT(*) FROM shedlock")).isZero();
    }
    try (CommandContext node = new CommandContext(TestDatabase.settings(url))) {
      node.start(node.database());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> number(url, "SELECT COUNT(*) FROM search_log") == 1);
    }
  }

  private void stageAnOldRow() throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      connection
          .createStatement()
          .execute(
              """
              INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                          last_seen)
              VALUES (1, 1, 's', 'berlin', 'berlin', 6, 1, '2025-10-12')
              """);
    }
  }
}
