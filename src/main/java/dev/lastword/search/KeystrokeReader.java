package dev.lastword.search;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;

/**
 * Reads keystrokes off the body of a request: one object, an array, {@code {"events": [...]}}, or
 * NDJSON.
 *
 * <p>A token at a time, since this is the hot path: nothing is kept of fields that are not known.
 * What a row has to be is said by {@link KeystrokeRow}; a row that is not does not touch the
 * others.
 */
@Singleton
class KeystrokeReader {
  static final int MAX_ROWS = 1_000;

  private final JsonFactory json =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private final Clock clock;

  KeystrokeReader(Clock clock) {
    this.clock = clock;
  }

  /**
   * Reads one JSON document.
   *
   * @throws UnreadableException if the body as a whole is not JSON of such a form, or has too many
   *     rows
   */
  KeystrokeBatch readJson(byte[] body, int tenantId) throws UnreadableException {
    KeystrokeBatch batch = new KeystrokeBatch(tenantId, clock.instant());
    try (JsonParser parser = json.createParser(body)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        readRows(parser, batch);
      } else if (first == JsonToken.START_OBJECT) {
        KeystrokeRow row = new KeystrokeRow();
        if (!readRow(parser, row, batch)) {
          batch.add(row);
        }
      } else {
        throw UnreadableException.malformed("the body must be a JSON object or array");
      }
      if (parser.nextToken() != null) {
        throw UnreadableException.malformed(
            "there is more after the JSON value; send one object a line as application/x-ndjson");
      }
    } catch (JsonProcessingException e) {
      throw UnreadableException.malformed(notJson(e));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory", e);
    }
    return batch;
  }

  /**
   * Reads one object from each line that is not blank; a line that is not JSON is rejected alone.
   *
   * @throws UnreadableException if there are too many lines
   */
  KeystrokeBatch readLines(byte[] body, int tenantId) throws UnreadableException {
    KeystrokeBatch batch = new KeystrokeBatch(tenantId, clock.instant());
    for (int start = 0; start < body.length; ) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      readLine(body, start, end - start, batch);
      start = end + 1;
    }
    return batch;
  }

  private void readLine(byte[] body, int start, int length, KeystrokeBatch batch)
      throws UnreadableException {
    KeystrokeRow row = new KeystrokeRow();
    try (JsonParser parser = json.createParser(body, start, length)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return;
      }
      readElement(parser, first, row);
      if (parser.nextToken() != null) {
        row.refuse("there is more than one JSON value on the line");
      }
    } catch (JsonProcessingException e) {
      row.refuse("not JSON");
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory", e);
    }
    batch.add(row);
  }

  private static void readRows(JsonParser parser, KeystrokeBatch batch)
      throws IOException, UnreadableException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      KeystrokeRow row = new KeystrokeRow();
      readElement(parser, token, row);
      batch.add(row);
    }
  }

  private static void readElement(JsonParser parser, JsonToken token, KeystrokeRow row)
      throws IOException {
    if (token != JsonToken.START_OBJECT) {
      row.refuse("a keystroke must be a JSON object");
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      row.set(field, parser, parser.nextToken());
    }
  }

  /**
   * Reads the outermost object, which may hold a batch instead of being a row; says whether it did.
   */
  private static boolean readRow(JsonParser parser, KeystrokeRow row, KeystrokeBatch batch)
      throws IOException, UnreadableException {
    boolean isBatch = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.START_ARRAY && field.equals("events")) {
        readRows(parser, batch);
        isBatch = true;
      } else {
        row.set(field, parser, value);
      }
    }
    return isBatch;
  }

  private static String notJson(JsonProcessingException e) {
    return "the body is not JSON, at line %s, column %s"
        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
