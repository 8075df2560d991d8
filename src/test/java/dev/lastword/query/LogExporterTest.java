package dev.lastword.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class LogExporterTest {

  @Inject HttpCalls http;
  @Inject Rows rows;

  @BeforeEach
  void empty() {
    rows.clear();
  }

  @Test
  void csvHasAHeaderAndQuotesWhatNeedsIt() {
    rows.logged(1, 1, "plain", "plain", "s1", null, "2025-10-12 00:00:01");
    rows.logged(2, 1, "a \"b\", c", "", "s1", "ann", "2025-10-12 00:00:02");
    rows.execute("UPDATE search_log SET typed_at = '2025-10-12', submitted = TRUE WHERE id = 2");
    var answer = http.get("/searches", "Accept", "text/csv");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/csv;charset=utf-8;header=present");
    assertThat(answer.body())
        .isEqualTo(
            """
            id,keyword,session_id,user_id,submitted,keystrokes,typed_at,searched_at,revision,amended_at\r
            2,"a ""b"", c",s1,ann,true,8,2025-10-12T00:00:00Z,2025-10-12T00:00:02Z,0,\r
            1,plain,s1,,false,8,,2025-10-12T00:00:01Z,0,\r
            """);
  }

  @Test
  void csvIsHarmlessInASpreadsheet() {
    rows.logged(1, 1, "=1+1", "=1+1", "s1", null, "2025-10-12");
    assertThat(http.get("/searches", "Accept", "text/csv").body()).contains("1,'=1+1,");
    assertThat(http.get("/searches", "Accept", "application/x-ndjson").body())
        .contains("\"keyword\":\"=1+1\"");
  }

  @Test
  void ndjsonIsOneSearchALine() {
    rows.logged(1, "one", "2025-10-12 00:00:01");
    rows.logged(2, "two", "2025-10-12 00:00:02");
    var answer = http.get("/searches", "Accept", "application/x-ndjson");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(answer.body().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"id\":") && line.endsWith("}"))
        .first()
        .asString()
        .contains("two");
  }

  @Test
  void anEmptyLogIsAHeaderOrNothing() {
    assertThat(http.get("/searches", "Accept", "text/csv").body())
        .isEqualTo(
            "id,keyword,session_id,user_id,submitted,keystrokes,typed_at,searched_at,revision,amended_at\r\n");
    assertThat(http.get("/searches", "Accept", "application/x-ndjson").body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "*/*, application/json",
    "application/x-ndjson;q=0.5, application/x-ndjson",
    "'application/x-ndjson;q=0.5, text/csv', text/csv;charset=utf-8;header=present",
    "'text/html, application/json', application/json"
  })
  void theClientChoosesTheForm(String accept, String type) {
    assertThat(http.get("/searches", "Accept", accept).headers().firstValue("Content-Type"))
        .hasValue(type);
  }

  @Test
  void filtersLimitAndCursorHoldForStreamsToo() {
    rows.loggedMany(1_000);
    assertThat(lines("/searches?limit=600")).isEqualTo(600);
    assertThat(lines("/searches?limit=250")).isEqualTo(250);
    assertThat(lines("/searches?user_id=u3")).isEqualTo(100);
    String cursor = http.json(http.get("/searches?limit=100")).get("next_cursor").getStringValue();
    assertThat(lines("/searches?cursor=" + cursor)).isEqualTo(900);
    assertThat(http.get("/searches?limit=0", "Accept", "text/csv").statusCode()).isEqualTo(400);
  }

  private long lines(String path) {
    return http.get(path, "Accept", "application/x-ndjson").body().lines().count();
  }
}
