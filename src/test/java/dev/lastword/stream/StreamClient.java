package dev.lastword.stream;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a stream like a browser. */
public final class StreamClient implements AutoCloseable {

  /** The text between two empty lines. */
  public record Frame(
      @Nullable String id, @Nullable String event, @Nullable String data, String text) {

    static Frame of(String text) {
      return new Frame(field("id", text), field("event", text), field("data", text), text);
    }

    private static @Nullable String field(String name, String text) {
      var found = Pattern.compile("^" + name + ": (.*)$", Pattern.MULTILINE).matcher(text);
      return found.find() ? found.group(1) : null;
    }
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final InputStream body;
  private final Scanner frames;

  private StreamClient(InputStream body) {
    this.body = body;
    this.frames = new Scanner(body, StandardCharsets.UTF_8).useDelimiter("\n\n");
  }

  public static StreamClient open(
      URI server, String path, @Nullable String lastId, String... headers) {
    HttpResponse<InputStream> answer = answer(server, path, lastId, headers);
    if (answer.statusCode() != 200) {
      throw new AssertionError("Status " + answer.statusCode());
    }
    return new StreamClient(answer.body());
  }

  static HttpResponse<InputStream> answer(
      URI server, String path, @Nullable String lastId, String... headers) {
    var request = HttpRequest.newBuilder(server.resolve(path)).header("Accept-Encoding", "gzip");
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Returns the next frame of any kind; null at the end. */
  public @Nullable Frame next() {
    return frames.hasNext() ? Frame.of(frames.next()) : null;
  }

  /** Returns the next row. */
  public Frame row() {
    while (true) {
      Frame frame = next();
      if (frame == null || frame.event() != null) {
        throw new AssertionError("The stream ended: " + frame);
      }
      if (frame.data() != null) {
        return frame;
      }
    }
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
