package dev.lastword.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lastword.http.JsonRows;
import dev.lastword.row.RowIds;
import dev.lastword.row.Timestamps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * An exported search, and the reason why it is not valid. It has the fields of its last keystroke,
 * which {@link KeystrokeRow} checks, and those that promotion added.
 */
final class SearchRow implements JsonRows.Row {
  private static final Duration AHEAD = Duration.ofDays(1);

  private final KeystrokeRow keystroke = new KeystrokeRow();
  private long id;
  private int keystrokes;
  private int revision;
  private @Nullable String searchedAt;
  private @Nullable String amendedAt;
  private @Nullable Search search;
  private @Nullable String problem;

  @Override
  public void set(String field, JsonParser parser, JsonToken value) throws IOException {
    switch (field) {
      case "id" -> id = number(field, 1, Long.MAX_VALUE, parser, value);
      case "keystrokes" -> keystrokes = (int) number(field, 1, Integer.MAX_VALUE, parser, value);
      case "revision" -> revision = (int) number(field, 0, Integer.MAX_VALUE, parser, value);
      case "searched_at" -> searchedAt = text(parser, value);
      case "amended_at" -> amendedAt = text(parser, value);
      default -> keystroke.set(field, parser, value);
    }
  }

  @Override
  public void refuse(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /**
   * Checks the values.
   *
   * @return the reason why they are not valid, null if they are
   */
  @Nullable String check(int tenantId, Instant now) {
    String wrong = keystroke.check();
    if (wrong != null) {
      refuse(wrong);
    } else if (keystroke.isCleared()) {
      refuse("keyword is missing");
    }
    refuseUnless(id > 0, "id is missing");
    refuseUnless(
        RowIds.millis(id) <= now.plus(AHEAD).toEpochMilli(),
        "id must be one that export wrote, of a time at most a day ahead of now");
    refuseUnless(keystrokes > 0, "keystrokes is missing");
    LocalDateTime time = ClientTime.read(searchedAt, now, ClientTime.EVER);
    refuseUnless(
        time != null && isKept(Timestamps.fromDatabase(time), now),
        "searched_at must be ISO-8601, from 1970 to at most a day ahead of now");
    LocalDateTime amended = ClientTime.read(amendedAt, now, ClientTime.EVER);
    refuseUnless(
        (amended == null) == (revision == 0)
            && (amended == null || isKept(Timestamps.fromDatabase(amended), now)),
        "amended_at must be ISO-8601, from 1970 to at most a day ahead of now, or missing if revision is 0");
    if (problem == null && time != null) {
      Keystroke last = keystroke.keystroke(tenantId, now, ClientTime.EVER);
      refuseUnless(
          last.typedAt() != null || !keystroke.hasTime(),
          "typed_at must be ISO-8601 or milliseconds since 1970");
      search =
          new Search(
              id,
              last.key(),
              last.userId(),
              last.keyword(),
              last.folded(),
              last.submitted(),
              keystrokes,
              last.typedAt(),
              time,
              revision,
              amended);
    }
    return problem;
  }

  /** Returns the search of a valid row; after {@link #check}. */
  Search search() {
    if (search == null) {
      throw new IllegalStateException("Not checked, or not valid");
    }
    return search;
  }

  private static boolean isKept(Instant time, Instant now) {
    return !time.isBefore(Instant.EPOCH) && !time.isAfter(now.plus(AHEAD));
  }

  private static @Nullable String text(JsonParser parser, JsonToken value) throws IOException {
    String text = value == JsonToken.VALUE_STRING ? parser.getText() : null;
    parser.skipChildren();
    return text;
  }

  /** Reads an integer, which CSV and the ids of NDJSON have as text. */
  private long number(String field, long min, long max, JsonParser parser, JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
      try {
        long number = Long.parseLong(parser.getText());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // falls through to the same reason
      }
    }
    if (value != JsonToken.VALUE_NULL) {
      refuse("%s must be an integer from %d to %d".formatted(field, min, max));
    }
    parser.skipChildren();
    return 0;
  }

  private void refuseUnless(boolean good, String reason) {
    if (!good) {
      refuse(reason);
    }
  }
}
