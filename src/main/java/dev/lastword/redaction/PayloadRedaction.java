package dev.lastword.redaction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lastword.database.SecretSetting;
import dev.lastword.row.Text;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.value.PropertyResolver;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Drops or hashes fields of payloads before they are stored.
 *
 * <p>A path such as {@code user.email} names a field of an object in the payload; of an array, it
 * means this field of each element. A hash is keyed, so that nobody without the key can find out
 * values by trying; equal values have equal hashes, so that they can still be counted.
 */
@Singleton
public class PayloadRedaction {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int HASH_BYTES = 16;

  private final Set<String> dropped;
  private final Set<String> hashed;

  /** Ends of names, with their quotes; a payload without them need not be parsed. */
  private final Set<String> names;

  private final @Nullable SecretKeySpec key;
  private final MeterProvider<Counter> redacted;

  PayloadRedaction(
      @Value("${lastword.redact.drop}") String dropped,
      @Value("${lastword.redact.hash}") String hashed,
      PropertyResolver settings,
      MeterRegistry meters) {
    this.dropped = Text.elements(dropped).collect(Collectors.toSet());
    this.hashed = Text.elements(hashed).collect(Collectors.toSet());
    this.names =
        Text.elements(dropped + "," + hashed)
            .map(path -> path.substring(path.lastIndexOf('.') + 1) + "\"")
            .collect(Collectors.toSet());
    this.key =
        SecretSetting.read(settings, "lastword.redact.key")
            .map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
            .orElse(null);
    this.redacted =
        Counter.builder("lastword.payload.fields.redacted")
            .description("fields of payloads that were dropped or hashed")
            .withRegistry(meters);
  }

  /**
   * Returns a payload without what must not be stored.
   *
   * @param payload valid JSON; null if there is none
   */
  public @Nullable String redact(int tenantId, @Nullable String payload) {
    if (payload == null || names.stream().noneMatch(payload::contains)) {
      return payload;
    }
    StringWriter copy = new StringWriter(payload.length());
    try (JsonParser parser = JSON.createParser(payload);
        JsonGenerator generator = JSON.createGenerator(copy)) {
      parser.nextToken();
      new Copier(tenantId, parser, generator).copy("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return copy.toString();
  }

  private String hash(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Copies one payload. */
  private final class Copier {
    private final String tenant;
    private final JsonParser parser;
    private final JsonGenerator generator;

    Copier(int tenantId, JsonParser parser, JsonGenerator generator) {
      this.tenant = Integer.toString(tenantId);
      this.parser = parser;
      this.generator = generator;
    }

    /** Copies the value at the parser's position, and leaves the parser at its end. */
    void copy(String path) throws IOException {
      JsonToken token = parser.currentToken();
      if (token == JsonToken.START_ARRAY) {
        generator.writeStartArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          copy(path);
        }
        generator.writeEndArray();
      } else if (token == JsonToken.START_OBJECT) {
        generator.writeStartObject();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          copyField(name, path.isEmpty() ? name : path + "." + name);
        }
        generator.writeEndObject();
      } else if (token.isNumeric()) {
        // As it is written: a double would change it.
        generator.writeNumber(parser.getText());
      } else {
        generator.copyCurrentEvent(parser);
      }
    }

    private void copyField(String name, String path) throws IOException {
      if (dropped.contains(path)) {
        parser.skipChildren();
        count("drop");
        return;
      }
      generator.writeFieldName(name);
      if (hashed.contains(path) && parser.currentToken() != JsonToken.VALUE_NULL) {
        generator.writeString(hash(text()));
        count("hash");
      } else {
        copy(path);
      }
    }

    private void count(String action) {
      redacted.withTags("tenant", tenant, "action", action).increment();
    }

    /** Returns a text without its quotes, so that the hash is that of the value; else its JSON. */
    private String text() throws IOException {
      if (!parser.currentToken().isStructStart()) {
        return parser.getText();
      }
      StringWriter json = new StringWriter();
      try (JsonGenerator structure = JSON.createGenerator(json)) {
        structure.copyCurrentStructure(parser);
      }
      return json.toString();
    }
  }
}
