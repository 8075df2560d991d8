package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@MicronautTest(transactional = false)
class AcceptHeaderTest {
  private static final String CSV = "text/csv;charset=utf-8;header=present";

  @Inject HttpCalls http;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json            | application/json",
        "APPLICATION/JSON; charset=x | application/json",
        "text/csv;q=0.5, text/plain  | text/plain; version=0.0.4,text/csv",
        "image/png, text/csv;q=0.1   | image/png,text/csv",
        "application/*               | application/json,application/x-ndjson",
        "text/*, text/csv;q=0        | text/event-stream,text/plain; version=0.0.4",
        "text/csv;q=0, text/csv;q=1  | text/csv",
        "application/*;q=0.2, application/json;q=0.1 | application/x-ndjson,application/json",
        "text/csv, */*;q=0.1         | text/csv,application/json,application/x-ndjson,text/event-stream,text/plain; version=0.0.4,*/*",
        "application/json;q=0, text/*;q=0, */* | application/x-ndjson",
        "application/json;q=0        | none/none",
        "*/*;q=0                     | none/none",
        "*/*;q=0, application/*, text/* | application/json,application/x-ndjson,text/csv,text/event-stream,text/plain; version=0.0.4",
        "application/json;q=0.000    | none/none",
        "application/json;q=high     | application/json",
        "application/json;q=2        | application/json",
        "nonsense, text/csv          | text/csv",
        "nonsense                    |",
        "'',;,                       |",
      })
  void theHeaderBecomesAListOfTypes(String header, String types) {
    assertThat(AcceptHeader.plain(header)).isEqualTo(types);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/searches         | application/*                        | application/json",
        "/searches         | text/*                               | " + CSV,
        "/searches         | text/csv;header=absent               | " + CSV,
        "/searches         | application/json;q=0.1, text/csv     | " + CSV,
        "/searches         | text/csv;q=0.9, application/json     | application/json",
        "/searches         | text/csv;q=0, */*                    | application/json",
        "/searches         | application/json;q=0, application/*  | application/x-ndjson",
        "/searches         | text/html, */*;q=0.8                 | application/json",
        "/searches         | application/json;q=0                 | 406",
        "/searches         | */*;q=0                              | 406",
        "/searches         | text/html                            | 406",
        "/searches         | nonsense                             | application/json",
        "/stats            | APPLICATION/JSON;q=0.3               | application/json",
        "/stats            | application/json;charset=latin1      | application/json",
        "/stats            | application/*                        | application/json",
        "/stats            | text/*                               | 406",
        "/events/count     | application/*;q=0.1                  | application/json",
        "/health/liveness  | APPLICATION/JSON                     | application/json",
        "/metrics          | text/plain;version=0.0.4;q=0.4       | text/plain; version=0.0.4",
        "/metrics          | text/*                               | text/plain; version=0.0.4",
        "/metrics          | application/openmetrics-text;version=1.0.0, */*;q=0.1 | text/plain; version=0.0.4",
        "/metrics          | application/json                     | 406",
      })
  void theAnswerHasTheMostWantedTypeThatThereIs(String path, String accept, String expected) {
    HttpResponse<String> answer = http.get(path, "Accept", accept);
    if (expected.equals("406")) {
      assertThat(answer.statusCode()).isEqualTo(406);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    } else {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue(expected);
    }
  }
}
