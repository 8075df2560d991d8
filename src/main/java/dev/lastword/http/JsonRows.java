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
 * Reads rows off the body of a request: one object, an array, {@code {"events": [...]}}, or NDJSON,
 * all in UTF-8.
 *
 * <p>A token at a time, since this is the hot path: nothing is kept but what a row takes. Each row
 * of an array or of NDJSON is found by its brackets or its line end and then parsed by itself; so
 * one that is not valid does not touch the others.
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
     * @throws InvalidBodyException if there are too many
     */
    void add(R row) throws InvalidBodyException;
  }

  /** Names are kept for later requests, some thousands of them: long ones would fill the heap. */
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
   * @param kind what a row is called in reasons, with its article
   */
  public JsonRows(String kind) {
    this.kind = kind;
  }

  /**
   * Reads one JSON document; says whether it was a row by itself and no batch.
   *
   * @throws InvalidBodyException if the body as a whole is not JSON of such a form, or has too many
   *     rows
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
      default -> throw InvalidBodyException.malformed("the body must be a JSON object or array");
    }
  }

  /**
   * Reads one object from each line that is not blank; a line that is not JSON is rejected alone.
   *
   * @throws InvalidBodyException if there are too many lines
   */
  public <R extends Row> void readLines(byte[] body, Batch<R> batch) throws InvalidBodyException {
    for (int start = start(body); start < body.length; ) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      readOne(body, start, end, batch, "there is more than one JSON value on the line");
      start = end + 1;
    }
  }

  private static int start(byte[] body) {
    int length = BYTE_ORDER_MARK.length;
    boolean marked =
        body.length >= length && Arrays.equals(body, 0, length, BYTE_ORDER_MARK, 0, length);
    return marked ? length : 0;
  }

  /** Reads the rows of an array, from its bracket on; leaves the scan after its last bracket. */
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
            "the body is not JSON: what begins at byte %d has no end".formatted(start));
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

  /** Reads the one row between two places of the body, unless there are only blanks. */
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
   * Reads the outermost object, which may hold a batch instead of being a row; says whether it was
   * a row. It holds one if {@code events} is an array of objects, or empty and the only field.
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
              ? "the body " + reason(e)
              : "the body is not JSON, at line %d, column %d"
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

  /** Reads the array of an object that is a batch; nothing may stand beside it. */
  private <R extends Row> void readBatch(JsonScan array, boolean hasMore, Batch<R> batch)
      throws InvalidBodyException {
    readArray(array, batch);
    if (hasMore || array.next() == ',') {
      throw InvalidBodyException.malformed(
          "beside an array of events there must be no other field: put it into each of them");
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
        "the body is not JSON, at byte %d".formatted(scan.position()));
  }

  private static InvalidBodyException more() {
    return InvalidBodyException.malformed(
        "there is more after the JSON value; send one object a line as application/x-ndjson");
  }

  private static String reason(JsonProcessingException e) {
    return e instanceof StreamConstraintsException
        ? "must be nested at most 1000 deep, with names of at most %d characters and numbers of at most 1000"
            .formatted(MAX_NAME)
        : "not JSON";
  }
}
