package dev.lastword.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lastword.http.JsonRows;
import dev.lastword.row.Text;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A keystroke as it was sent, and the reason why it is not valid.
 *
 * <p>The checks, in their order: every known field has its type; the session is 1 to 64 printable
 * ASCII characters; the user is at most 255 characters without control characters; the normalised
 * text is at most 255 characters; lost is 0 to 10,000.
 */
final class KeystrokeRow implements JsonRows.Row {
  static final int MAX_SESSION = 64;
  static final int MAX_TEXT = 255;
  static final int MAX_LOST = 10_000;

  private @Nullable String problem;
  private String sessionId = "";
  private @Nullable String userId;
  private @Nullable String keyword;
  private boolean submitted;
  private @Nullable String typedAt;
  private int lost;

  @Override
  public void set(String field, JsonParser parser, JsonToken value) throws IOException {
    switch (field) {
      case "session_id" -> sessionId = id(field, parser, value);
      case "user_id" -> userId = id(field, parser, value);
      case "keyword" ->
          keyword =
              value == JsonToken.VALUE_STRING ? parser.getText() : other(field, "a string", value);
      case "submitted" -> submitted = value == JsonToken.VALUE_TRUE || isWrongFlag(value);
      case "typed_at" ->
          typedAt =
              value.isScalarValue() && value != JsonToken.VALUE_NULL ? parser.getText() : null;
      case "lost" -> lost = count(parser, value);
      default -> {}
    }
    parser.skipChildren();
  }

  @Override
  public void refuse(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /**
   * Checks and normalises the values.
   *
   * @return the reason why they are not valid, null if they are
   */
  @Nullable String check() {
    sessionId = sessionId.strip();
    userId = userId == null || userId.isBlank() ? null : userId.strip();
    if (sessionId.isEmpty()) {
      refuse("session_id is missing");
    } else if (sessionId.length() > MAX_SESSION || !isPrintableAscii(sessionId)) {
      refuse("session_id must be 1 to 64 printable ASCII characters");
    }
    if (userId != null && (Text.length(userId) > MAX_TEXT || !Text.isClean(userId))) {
      refuse("user_id must be at most 255 characters without control characters");
    }
    if (keyword == null) {
      refuse("keyword is missing");
    } else {
      keyword = Text.normalize(keyword);
      if (Text.length(keyword) > MAX_TEXT) {
        refuse("keyword must be at most 255 characters");
      }
    }
    return problem;
  }

  /** Returns whether the box was cleared; after {@link #check()}. */
  boolean isCleared() {
    return keyword != null && keyword.isEmpty();
  }

  boolean hasTime() {
    return typedAt != null;
  }

  /** Returns the number of keystrokes before this one that the client could not deliver. */
  int lost() {
    return lost;
  }

  /** Returns the keystroke of a valid row; after {@link #check()}. */
  Keystroke keystroke(int tenantId, Instant now, Duration near) {
    return new Keystroke(
        SessionKey.of(tenantId, sessionId),
        userId,
        keyword == null ? "" : keyword,
        submitted,
        ClientTime.read(typedAt, now, near));
  }

  private String id(String field, JsonParser parser, JsonToken value) throws IOException {
    // Many clients have numeric ids.
    boolean isText = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
    String other = isText ? parser.getText() : other(field, "a string", value);
    return other == null ? "" : other;
  }

  private @Nullable String other(String field, String type, JsonToken value) {
    if (value != JsonToken.VALUE_NULL) {
      refuse(field + " must be " + type);
    }
    return null;
  }

  private int count(JsonParser parser, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return 0;
    }
    // Digits beyond those of the limit need not be parsed.
    String digits = value == JsonToken.VALUE_NUMBER_INT ? parser.getText() : "";
    int count = digits.matches("\\d{1,7}") ? Integer.parseInt(digits) : -1;
    if (count < 0 || count > MAX_LOST) {
      refuse("lost must be a number from 0 to " + MAX_LOST);
    }
    return count;
  }

  private boolean isWrongFlag(JsonToken value) {
    if (value != JsonToken.VALUE_FALSE) {
      other("submitted", "true or false", value);
    }
    return false;
  }

  private static boolean isPrintableAscii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
