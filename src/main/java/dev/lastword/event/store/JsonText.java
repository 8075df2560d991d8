package dev.lastword.event.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies JSON values in compact form, within the limits of MySQL and MariaDB: MariaDB stores 32
 * levels, MySQL numbers in the range of a double.
 */
public final class JsonText {
  static final int MAX_DEPTH = 30;
  public static final int MAX_LENGTH = 65_536;

  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private JsonText() {}

  public static void quote(String text, StringBuilder out) {
    out.append('"');
    ENCODER.quoteAsString(text, out);
    out.append('"');
  }

  /**
   * Copies the value at the parser's position, and leaves the parser at its end.
   *
   * @param names receives the field names of the outermost object, unless null
   * @return the reason why it cannot be stored, null if it can
   */
  public static @Nullable String copy(
      JsonParser parser, StringBuilder out, @Nullable List<String> names) throws IOException {
    int depth = 0;
    boolean first = true;
    String problem = null;
    JsonToken token = parser.currentToken();
    while (true) {
      if (token.isStructEnd()) {
        depth--;
      }
      if (problem == null) {
        if (!first && !token.isStructEnd()) {
          separate(out);
        }
        problem = append(token, parser, out);
        if (token == JsonToken.FIELD_NAME && depth == 1 && names != null) {
          names.add(parser.currentName());
        }
      }
      first = false;
      if (token.isStructStart() && ++depth > MAX_DEPTH) {
        problem = "is nested more than %d deep".formatted(MAX_DEPTH);
      }
      if (out.length() > MAX_LENGTH && problem == null) {
        problem = "must be at most 65536 characters";
      }
      if (depth == 0) {
        return problem;
      }
      token = parser.nextToken();
    }
  }

  /** Writes a comma, unless the value is the first of its object or array, or belongs to a name. */
  private static void separate(StringBuilder out) {
    char last = out.charAt(out.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      out.append(',');
    }
  }

  private static @Nullable String append(JsonToken token, JsonParser parser, StringBuilder out)
      throws IOException {
    switch (token) {
      case FIELD_NAME -> {
        quote(parser.currentName(), out);
        out.append(':');
      }
      case VALUE_STRING -> quote(parser.getText(), out);
      case VALUE_NUMBER_FLOAT -> {
        if (Double.isInfinite(parser.getDoubleValue())) {
          return "has a number that is too large";
        }
        out.append(parser.getText());
      }
      case VALUE_NUMBER_INT -> {
        if (parser.getTextLength() > 300) {
          return "has a number that is too large";
        }
        out.append(parser.getText());
      }
      default -> out.append(token.asString());
    }
    return null;
  }
}
