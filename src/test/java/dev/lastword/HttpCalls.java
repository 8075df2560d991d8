package dev.lastword;

import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls the server under test as its clients do: over a socket. */
@Singleton
public final class HttpCalls {

  private final HttpClient client = HttpClient.newHttpClient();
  private final EmbeddedServer server;
  private final JsonMapper json;

  HttpCalls(EmbeddedServer server, JsonMapper json) {
    this.server = server;
    this.json = json;
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send(request("GET", path, null, headers), BodyHandlers.ofString());
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(request("POST", path, body, headers), BodyHandlers.ofString());
  }

  public HttpResponse<String> call(String method, String path) {
    return send(request(method, path, null), BodyHandlers.ofString());
  }

  public <T> HttpResponse<T> get(
      String path, HttpResponse.BodyHandler<T> handler, String... headers) {
    return send(request("GET", path, null, headers), handler);
  }

  /** The JSON of an answer. */
  public JsonNode json(HttpResponse<String> answer) {
    try {
      return json.readValue(answer.body(), JsonNode.class);
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + answer.body(), e);
    }
  }

  private HttpRequest request(
      String method, String path, @Nullable String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(server.getURL() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
