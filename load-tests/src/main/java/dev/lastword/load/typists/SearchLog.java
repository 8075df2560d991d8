package dev.lastword.load.typists;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads the searches of sessions from the service. */
final class SearchLog {

  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

  /**
   * A logged search.
   *
   * @param promoted the time of its promotion by the clock of the database, from its id
   */
  record Entry(String keyword, boolean submitted, Instant searchedAt, Instant promoted) {}

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;

  SearchLog(URI url) {
    this.url = url;
  }

  /**
   * Waits until none of the sessions is staged.
   *
   * @return false if it took too long
   */
  boolean settle(Set<String> sessions) {
    Instant end = Instant.now().plus(SETTLES_WITHIN);
    while (isStaged(sessions)) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      sleep();
    }
    return true;
  }

  /** Checks the newest thousand staged sessions, which is the maximum of a run. */
  private boolean isStaged(Set<String> sessions) {
    return stream(items("/searches/staged?limit=1000"))
        .anyMatch(item -> sessions.contains(item.get("session_id").asText()));
  }

  List<Entry> entries(String session) {
    String page = "/searches?limit=1000&session_id=" + URLEncoder.encode(session, UTF_8);
    return stream(items(page))
        .map(
            item ->
                new Entry(
                    item.get("keyword").asText(),
                    item.get("submitted").asBoolean(),
                    Instant.parse(item.get("searched_at").asText()),
                    Instant.ofEpochMilli(item.get("id").asLong() >> 22)))
        .toList();
  }

  private static Stream<JsonNode> stream(JsonNode items) {
    return StreamSupport.stream(items.spliterator(), false);
  }

  private JsonNode items(String path) {
    URI page = url.resolve(path);
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(10)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("GET %s answered %d".formatted(page, answer.statusCode()));
      }
      return json.readTree(answer.body()).get("items");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
