package dev.lastword.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads rows off the body of a request: one object, an array, {@code {"events": [...]}}, or NDJSON.
 *
 * <p>A token at a time, since this is the hot path: nothing is kept but what a row takes. A row
 * that is not valid does not touch the others.
 */
public final class JsonRows {

  /** What is read of one object. */
  public interface Row {
    /** Takes the value that the parser stands on, and leaves the parser at its end. */
    void set(String field, JsonParser parser, JsonToken value) throws IOException;

    /** Notes that this is no row; the first reason stands. */
    void refuse(String reason);
  }

  /** What is read of a body. */
  public interface Batch<R extends Row> {
    R begin();

    /**
     * Takes a row of which all is read.
     *
     * @throws UnreadableException if there are too many
     */
    void add(R row) throws UnreadableException;
  }

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final String kind;

  /**
   * @param kind what a row is called in reasons, with its article
   */
  public JsonRows(String kind) {
    this.kind = kind;
  }

  /**
   * Reads one JSON document; says whether it was a row by itself and no batch.
   *
   * @throws UnreadableException if the body as a whole is not JSON of such a form, or has too many
   *     rows
   */
  public <R extends Row> boolean readJson(byte[] body, Batch<R> batch) throws UnreadableException {
    boolean single = false;
    try (JsonParser parser = JSON.createParser(body)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        readRows(parser, batch);
      } else if (first == JsonToken.START_OBJECT) {
        R row = batch.begin();
        single = !readRow(parser, row, batch);
        if (single) {
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
    return single;
  }

  /**
   * Reads one object from each line that is not blank; a line that is not JSON is rejected alone.
   *
   * @throws UnreadableException if there are too many lines
   */
  public <R extends Row> void readLines(byte[] body, Batch<R> batch) throws UnreadableException {
    for (int start = 0; start < body.length; ) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      readLine(body, start, end - start, batch);
      start = end + 1;
    }
  }

  private <R extends Row> void readLine(byte[] body, int start, int length, Batch<R> batch)
      throws UnreadableException {
    R row = batch.begin();
    try (JsonParser parser = JSON.createParser(body, start, length)) {
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

  private <R extends Row> void readRows(JsonParser parser, Batch<R> batch)
      throws IOException, UnreadableException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      R row = batch.begin();
      readElement(parser, token, row);
      batch.add(row);
    }
  }

  private void readElement(JsonParser parser, JsonToken token, Row row) throws IOException {
    if (token != JsonToken.START_OBJECT) {
      row.refuse(kind + " must be a JSON object");
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
  private <R extends Row> boolean readRow(JsonParser parser, R row, Batch<R> batch)
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
