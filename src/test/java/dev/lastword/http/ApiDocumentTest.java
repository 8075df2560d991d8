package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import io.micronaut.http.HttpMethod;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.web.router.Router;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

@MicronautTest(transactional = false)
class ApiDocumentTest {

  @Inject HttpCalls http;
  @Inject Router router;

  private Map<String, Object> paths = Map.of();

  @BeforeEach
  void read() {
    paths = map(new Yaml().load(http.get("/openapi.yml").body()), "paths");
  }

  @Test
  void everyRouteIsInTheDocument() {
    Set<String> routes = new TreeSet<>();
    router
        .uriRoutes()
        .filter(route -> route.getHttpMethod() != HttpMethod.HEAD)
        .forEach(
            route ->
                routes.add(
                    route.getHttpMethodName() + " " + route.getUriMatchTemplate().toPathString()));
    Set<String> documented = new TreeSet<>();
    eachCall((name, call) -> documented.add(name));
    assertThat(documented).isNotEmpty().containsAll(routes);
  }

  @Test
  void everyCallSaysWhatItDoesAndShowsAnAnswer() {
    eachCall(
        (name, call) -> {
          assertThat(call).as(name).containsKeys("summary", "operationId", "tags");
          assertThat(map(call, "responses").toString()).as(name).contains("example");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/searches", "/events", "/searches/staged", "/stats"})
  void theExampleHasTheFieldsOfARealAnswer(String path) {
    Map<String, Object> json =
        map(paths, path, "get", "responses", "200", "content", "application/json");
    Set<String> fields = new TreeSet<>();
    http.json(http.get(path)).entries().forEach(entry -> fields.add(entry.getKey()));
    assertThat(map(json, "examples", "example", "value").keySet()).isEqualTo(fields);
  }

  @Test
  void everyParameterIsExplained() {
    Map<Object, Object> explained = new LinkedHashMap<>();
    for (Object parameter : (List<?>) get(map(paths, "/searches", "get"), "parameters")) {
      explained.put(get(parameter, "name"), get(parameter, "description"));
    }
    assertThat(explained)
        .containsOnlyKeys(
            "user_id",
            "session_id",
            "keyword",
            "starts_with",
            "q",
            "from",
            "to",
            "limit",
            "order",
            "cursor");
  }

  @ParameterizedTest
  @CsvSource({
    "/openapi.yml, application/yaml",
    "/openapi.yaml, application/yaml",
    "/openapi.json, application/json"
  })
  void theDocumentIsOneInBothForms(String path, String type) {
    for (String accept : List.of("*/*", "text/html", "application/json")) {
      HttpResponse<String> answer = http.get(path, "Accept", accept);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
      Object document = new Yaml().load(answer.body());
      assertThat(map(document, "paths").keySet()).isEqualTo(paths.keySet());
    }
  }

  @Test
  void examplesOfTimesAreTextsInJson() {
    JsonNode searches = http.json(http.get("/openapi.json"));
    for (String name :
        List.of("paths", "/searches", "get", "responses", "200", "content", "application/json")) {
      searches = searches.get(name);
    }
    assertThat(
            searches
                .get("examples")
                .get("example")
                .get("value")
                .get("items")
                .get(0)
                .get("searched_at")
                .getStringValue())
        .isEqualTo("2025-10-12T10:11:12.130Z");
  }

  @Test
  void itIntroducesItselfNamesTheServerAndBeginsWithKeystrokes() {
    Object document = new Yaml().load(http.get("/openapi.yml").body());
    assertThat(get(get(document, "info"), "description").toString())
        .contains("curl", "202 means committed");
    assertThat(get(((List<?>) get(document, "servers")).get(0), "url")).isEqualTo("/");
    List<String> tags =
        ((List<?>) get(document, "tags")).stream().map(tag -> get(tag, "name").toString()).toList();
    assertThat(tags).startsWith("Keystrokes", "Searches", "Events");
    eachCall(
        (name, call) -> {
          assertThat(tags).as(name).containsAll(tagsOf(call));
          // A summary is plain text on the page.
          assertThat(get(call, "summary").toString()).as(name).doesNotContain("`");
        });
  }

  private static List<String> tagsOf(Map<String, Object> call) {
    return ((List<?>) get(call, "tags")).stream().map(Object::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs",
        "/docs/",
        "/docs/docs.js",
        "/lastword.js",
        "/openapi.yml",
        "/openapi.json",
        "/"
      })
  void whatIsThereToReadIsForReading(String path) {
    assertThat(http.call("HEAD", path).statusCode()).isEqualTo(200);
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      HttpResponse<String> answer = http.call(method, path);
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow").orElse("").split(",\\s*"))
          .containsExactlyInAnyOrder("GET", "HEAD");
    }
  }

  @Test
  void thePageOfTheDocumentLoadsNothingFromElsewhere() {
    String page = http.get("/docs").body();
    assertThat(page).contains("Content-Security-Policy").doesNotContain("http:", "https:");
    Matcher file = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(page);
    Set<String> files = file.results().map(found -> found.group(1)).collect(Collectors.toSet());
    assertThat(files).hasSize(3).allMatch(path -> http.get(path).statusCode() == 200);
  }

  private void eachCall(BiConsumer<String, Map<String, Object>> test) {
    for (String path : paths.keySet()) {
      for (String method : map(paths, path).keySet()) {
        test.accept(method.toUpperCase(Locale.ROOT) + " " + path, map(paths, path, method));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node, String... names) {
    Object found = node;
    for (String name : names) {
      found = get(found, name);
    }
    return (Map<String, Object>) found;
  }

  private static Object get(Object node, String name) {
    return Objects.requireNonNull(((Map<?, ?>) node).get(name), name);
  }
}
