package dev.lastword.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Reads rows from the body of a request: one object, an array, {@code {"events": [...]}}, or
 * NDJSON, all in UTF-8.
 *
 * <p>It reads token by token, because this is the hot path. Each row of an array or of NDJSON is
 * found by its brackets or its line end and then parsed separately, so an invalid row does not
 * affect the others.
 */
public final class JsonRows {

  /** Receives the fields of one object. */
  public interface Row {
    /** Takes the value at the parser's position, and leaves the parser at its end. */
    void set(String field, JsonParser parser, JsonToken value) throws IOException;

    /** Rejects the row; the first reason counts. */
    void refuse(String reason);
  }

  /** Receives the rows of a body. */
  public interface Batch<R extends Row> {
    R begin();

    /**
     * Takes a row that is complete.
     *
     * @throws InvalidBodyException if there are too many rows
     */
    void add(R row) throws InvalidBodyException;
  }

  /** The parser caches thousands of names; long ones would fill the heap. */
  static final int MAX_NAME = 5_000;

  private static final String EVENTS = "events";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNameLength(MAX_NAME).build())
          .build();
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String kind;

  /**
   * @param kind noun for a row in reasons, with its article
   */
  public JsonRows(String kind) {
    this.kind = kind;
  }

  /**
   * Reads one JSON document.
   *
   * @return whether it was a single row and not a batch
   * @throws InvalidBodyException if the body as a whole is not JSON of this structure, or has too
   *     many rows
   */
  public <R extends Row> boolean readJson(byte[] body, Batch<R> batch) throws InvalidBodyException {
    var scan = new JsonScan(body, start(body));
    switch (scan.next()) {
      case '[' -> {
        readArray(scan, batch);
        if (scan.next() != JsonScan.END) {
          throw more();
        }
        return false;
      }
      case '{' -> {
        return readObject(body, scan, batch);
      }
      default -> throw InvalidBodyException.malformed("The body must be a JSON object or array.");
    }
  }

  /**
   * Reads one object from each line that is not blank. A line that is not JSON is a rejected row.
   *
   * @throws InvalidBodyException if there are too many lines
   */
  public <R extends Row> void readLines(byte[] body, Batch<R> batch) throws InvalidBodyException {
    for (int start = start(body); start < body.length; ) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      readOne(body, start, end, batch, "the line has more than one JSON value");
      start = end + 1;
    }
  }

  private static int start(byte[] body) {
    int length = BYTE_ORDER_MARK.length;
    boolean marked =
        body.length >= length && Arrays.equals(body, 0, length, BYTE_ORDER_MARK, 0, length);
    return marked ? length : 0;
  }

  /** Reads the rows of an array from its first bracket on, and leaves the scan after its last. */
  private <R extends Row> void readArray(JsonScan scan, Batch<R> batch)
      throws InvalidBodyException {
    scan.skip();
    if (scan.next() == ']') {
      scan.skip();
      return;
    }
    while (true) {
      scan.next();
      int start = scan.position();
      if (!scan.skipValue()) {
        throw InvalidBodyException.malformed(
            "The body is not valid JSON: the value at byte %d has no end.".formatted(start));
      }
      if (scan.position() == start) {
        throw notJson(scan);
      }
      readOne(scan.body(), start, scan.position(), batch, "not JSON");
      int separator = scan.next();
      if (separator != ',' && separator != ']') {
        throw notJson(scan);
      }
      scan.skip();
      if (separator == ']') {
        return;
      }
    }
  }

  /** Reads the row between two positions of the body, unless it is blank. */
  private <R extends Row> void readOne(
      byte[] body, int start, int end, Batch<R> batch, String moreThanOne)
      throws InvalidBodyException {
    R row = batch.begin();
    try (JsonParser parser = JSON.createParser(body, start, end - start)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return;
      }
      if (first == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String field = parser.currentName();
          row.set(field, parser, parser.nextToken());
        }
      } else {
        row.refuse(kind + " must be a JSON object");
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        row.refuse(moreThanOne);
      }
    } catch (JsonProcessingException e) {
      row.refuse(reason(e));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory", e);
    }
    batch.add(row);
  }

  /**
   * Reads the outermost object, which is a batch if {@code events} is an array of objects, or empty
   * and the only field.
   *
   * @return whether it was a row
   */
  private <R extends Row> boolean readObject(byte[] body, JsonScan scan, Batch<R> batch)
      throws InvalidBodyException {
    R row = batch.begin();
    int fields = 0;
    boolean isEmptyBatch = false;
    int offset = scan.position();
    try (JsonParser parser = JSON.createParser(body, offset, body.length - offset)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.START_ARRAY && field.equals(EVENTS)) {
          var array =
              new JsonScan(body, offset + (int) parser.currentTokenLocation().getByteOffset());
          int first = array.firstOfArray();
          if (first == '{') {
            readBatch(array, fields > 0, batch);
            return false;
          }
          isEmptyBatch = first == ']';
        }
        row.set(field, parser, value);
        fields++;
      }
      if (parser.nextToken() != null) {
        throw more();
      }
    } catch (JsonProcessingException e) {
      throw InvalidBodyException.malformed(
          e instanceof StreamConstraintsException
              ? "The body " + reason(e) + "."
              : "The body is not valid JSON at line %d, column %d."
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException("Reading from memory", e);
    }
    if (isEmptyBatch && fields == 1) {
      return false;
    }
    batch.add(row);
    return true;
  }

  /** Reads the array of an object that is a batch and has no other fields. */
  private <R extends Row> void readBatch(JsonScan array, boolean hasMore, Batch<R> batch)
      throws InvalidBodyException {
    readArray(array, batch);
    if (hasMore || array.next() == ',') {
      throw InvalidBodyException.malformed(
          "An object with an array of events must have no other field. Put the field into each event.");
    }
    if (array.next() != '}') {
      throw notJson(array);
    }
    array.skip();
    if (array.next() != JsonScan.END) {
      throw more();
    }
  }

  private static InvalidBodyException notJson(JsonScan scan) {
    return InvalidBodyException.malformed(
        "The body is not valid JSON at byte %d.".formatted(scan.position()));
  }

  private static InvalidBodyException more() {
    return InvalidBodyException.malformed(
        "The body has more than one JSON value. Send one object per line as application/x-ndjson.");
  }

  private static String reason(JsonProcessingException e) {
    return e instanceof StreamConstraintsException
        ? "must be nested at most 1000 deep, with names of at most %d characters and numbers of at most 1000"
            .formatted(MAX_NAME)
        : "not JSON";
  }
}
