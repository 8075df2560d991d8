package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Follows a valid event that the database refuses. */
class RejectedCommandTest {

  private final StringWriter out = new StringWriter();
  private final String url = TestDatabase.create();

  @Test
  void whatTheDatabaseRefusesIsKeptListedAndReplayed() throws Exception {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
      execute(
          """
          CREATE TRIGGER curse BEFORE INSERT ON event_log FOR EACH ROW
          IF NEW.topic = 'cursed' THEN SIGNAL SQLSTATE '22023' SET MESSAGE_TEXT = 'it is cursed'; END IF
          """);
      var answer =
          post(
              node,
              """
              [{"topic": "good", "event_id": "a"}, {"topic": "cursed", "event_id": "b", "payload": {"x": "ü\\"\\\\"},
                "occurred_at": "2025-10-12T10:11:12.345Z", "value": 1.5}, {"topic": "good", "event_id": "c"}]
              """);
      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body())
          .contains("\"accepted\":2", "\"index\":1", "kept in rejected_event")
          .doesNotContain("it is cursed");
      assertThat(post(node, "{\"topic\":\"cursed\",\"event_id\":\"d\"}").statusCode())
          .isEqualTo(400);
    }
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("cursed  b  ", "it is cursed", "2 shown");
    assertThat(run("replay")).isEqualTo(1);
    assertThat(out.toString()).contains("0 stored, 2 refused again");
    execute("DROP TRIGGER curse");
    assertThat(run("replay")).isZero();
    assertThat(out.toString()).contains("2 stored, 0 refused again");
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("None.");
    assertThat(number(url, "SELECT COUNT(*) FROM event_log")).isEqualTo(4);
    assertThat(
            number(
                url,
                """
                SELECT COUNT(*) FROM event_log WHERE event_id = 'b' AND occurred_at = '2025-10-12 10:11:12.345'
                AND value = 1.5 AND JSON_UNQUOTE(JSON_EXTRACT(payload, '$.x')) = 'ü"\\\\'
                """))
        .isEqualTo(1);
    assertThat(run()).isEqualTo(2);
  }

  private static HttpResponse<String> post(EmbeddedServer node, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(node.getURL() + "/events"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
  }

  private int run(String... args) {
    String[] command = new String[args.length + (args.length == 0 ? 1 : 3)];
    command[0] = "rejected";
    System.arraycopy(args, 0, command, 1, args.length);
    if (args.length > 0) {
      command[args.length + 1] = "--db-url";
      command[args.length + 2] = url;
    }
    return LastwordCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(command);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
