package dev.lastword.stats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lastword.access.Caller;
import dev.lastword.http.Csv;
import dev.lastword.http.Parameters;
import dev.lastword.rollup.CountFreshness;
import dev.lastword.rollup.CountFreshness.Freshness;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Responds with answers.
 *
 * <ol>
 *   <li>An answer includes everything that was committed before its request, see {@link
 *       CountFreshness}. Header {@value #AS_OF} is the time of the request; or an earlier one, if
 *       counting took longer than a second.
 *   <li>An answer about days that are over is cached, and has an {@code ETag}. Both belong to the
 *       version of past days, so an import of old dates on any node replaces them.
 * </ol>
 */
@Singleton
public class Answers {
  public static final String AS_OF = "Lastword-As-Of";
  public static final String SOURCE = "Lastword-Source";
  public static final String COUNTS = "counts";
  public static final String LOG = "log";

  private static final String PROGRAM =
      Objects.requireNonNullElse(Answers.class.getPackage().getImplementationVersion(), "");
  private static final int CACHE_BYTES = 16 << 20;
  // A row of the last second of a day may be counted, by a transaction that began on that day,
  // after its end.
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private final CountFreshness counts;
  private final JsonMapper json;
  private final Cache<String, byte[]> closed =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .weigher((String key, byte[] body) -> key.length() + body.length)
          .build();

  Answers(CountFreshness counts, JsonMapper json) {
    this.counts = counts;
    this.json = json;
  }

  /** Brings the counts up to date, then reads the answer. */
  <T> MutableHttpResponse<T> fresh(Supplier<T> reader) {
    Freshness freshness = await();
    return HttpResponse.ok(reader.get()).header(AS_OF, freshness.asOf().toString());
  }

  /**
   * Responds with an answer as JSON, or as CSV if the client prefers that.
   *
   * @param days that the answer is made of
   * @param source {@value #COUNTS} or {@value #LOG}
   */
  public HttpResponse<byte[]> of(
      HttpRequest<?> request, Caller caller, Days days, String source, Supplier<Answer> reader) {
    Freshness freshness = await();
    requireKept(days, freshness.countsSince());
    boolean csv = Csv.isPreferred(request);
    MutableHttpResponse<byte[]> response =
        HttpResponse.<byte[]>ok()
            .header(AS_OF, freshness.asOf().toString())
            .header(SOURCE, source)
            // Proxies must not share what is one tenant's.
            .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
            .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
            .contentType(csv ? Csv.TYPE : MediaType.APPLICATION_JSON_TYPE);
    LocalDate today = LocalDate.ofInstant(freshness.asOf().minus(OVERLAP), ZoneOffset.UTC);
    if (!days.lastOfUtc().isBefore(today)) {
      return response.body(encode(reader.get(), csv));
    }
    String key = key(request, caller, csv, freshness.pastVersion());
    String etag = "\"" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + "\"";
    response.header(HttpHeaders.ETAG, etag);
    if (isKnown(request, etag)) {
      return response.status(HttpStatus.NOT_MODIFIED);
    }
    return response.body(closed.get(key, missing -> encode(reader.get(), csv)));
  }

  private static void requireKept(Days days, LocalDate since) {
    LocalDate first = days.start().toLocalDate();
    Parameters.require(
        !first.isBefore(since),
        "Retention has dropped the counts of days before %s, and this answer needs those from %s on."
            .formatted(since, first));
  }

  private Freshness await() {
    return counts.await();
  }

  /**
   * Returns a text that identifies the query, the format, the state of past days and the version of
   * this program. Names and values are encoded, so that no text of one query makes it another one.
   */
  private static String key(
      HttpRequest<?> request, Caller caller, boolean csv, String pastVersion) {
    String query =
        new TreeMap<>(request.getParameters().asMap())
            .entrySet().stream()
                .flatMap(
                    parameter ->
                        parameter.getValue().stream()
                            .map(value -> encoded(parameter.getKey()) + "=" + encoded(value)))
                .collect(Collectors.joining("&"));
    return String.join(
        "\n",
        Integer.toString(caller.tenantId()),
        request.getPath(),
        query,
        csv ? "csv" : "json",
        pastVersion,
        PROGRAM);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static boolean isKnown(HttpRequest<?> request, String etag) {
    return request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH).stream()
        .flatMap(header -> Arrays.stream(header.split(",")))
        .map(String::strip)
        .anyMatch(known -> known.equals("*") || known.replaceFirst("^W/", "").equals(etag));
  }

  private byte[] encode(Answer answer, boolean csv) {
    try {
      if (!csv) {
        return json.writeValueAsBytes(answer.json());
      }
      var bytes = new ByteArrayOutputStream();
      bytes.write(Csv.line(answer.columns()));
      for (List<?> line : answer.lines()) {
        bytes.write(Csv.line(line));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
