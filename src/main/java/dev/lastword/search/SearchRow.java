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
  private @Nullable String searchedAt;
  private @Nullable Search search;
  private @Nullable String problem;

  @Override
  public void set(String field, JsonParser parser, JsonToken value) throws IOException {
    switch (field) {
      case "id" -> id = number(field, Long.MAX_VALUE, parser, value);
      case "keystrokes" -> keystrokes = (int) number(field, Integer.MAX_VALUE, parser, value);
      case "searched_at" -> {
        searchedAt = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        parser.skipChildren();
      }
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
              time);
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

  /** Reads an integer, which CSV and the ids of NDJSON have as text. */
  private long number(String field, long max, JsonParser parser, JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
      try {
        long number = Long.parseLong(parser.getText());
        if (number > 0 && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // falls through to the same reason
      }
    }
    if (value != JsonToken.VALUE_NULL) {
      refuse("%s must be an integer from 1 to %d".formatted(field, max));
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
