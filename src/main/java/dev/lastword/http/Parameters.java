package dev.lastword.http;

import dev.lastword.row.Text;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; invalid ones are answered with 400. */
public final class Parameters {

  public static final int DEFAULT_LIMIT = 100;
  public static final int MAX_LIMIT = 1000;
  public static final int MAX_OFFSET = 10_000;

  private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private Parameters() {}

  /** Answers 400 with this detail unless the condition holds. */
  public static void require(boolean condition, String detail) {
    if (!condition) {
      throw new HttpStatusException(HttpStatus.BAD_REQUEST, detail);
    }
  }

  /** Refuses a text of blanks and control characters alone: it would restrict nothing. */
  public static void requireText(String name, String given) {
    require(!Text.normalize(given).isEmpty(), name + " must not be empty.");
  }

  /** Returns the text without blanks at its ends; null if the parameter was not given. */
  public static @Nullable String text(String name, @Nullable String given) {
    if (given == null) {
      return null;
    }
    requireText(name, given);
    return given.strip();
  }

  /**
   * Folds a text like column {@code folded}, but keeps a blank at its end, which ends a word.
   *
   * @return null if the parameter was not given
   */
  public static @Nullable String folded(String name, @Nullable String given) {
    if (given == null) {
      return null;
    }
    requireText(name, given);
    String folded = Text.fold(Text.normalize(given));
    return given.endsWith(" ") ? folded + " " : folded;
  }

  /** Folds a complete text like column {@code folded}. */
  public static String keyword(String given) {
    requireText("keyword", given);
    return Text.fold(Text.normalize(given));
  }

  /** Returns a time with its offset from UTC, or the start of a date in UTC, in milliseconds. */
  public static Instant time(String name, String given) {
    try {
      // A plus sign that was not encoded in the URL arrives as a blank.
      Instant time =
          given.length() == "2026-01-31".length()
              ? LocalDate.parse(given).atStartOfDay().toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(given.replace(' ', '+')).toInstant();
      if (!time.isBefore(EARLIEST) && !time.isAfter(LATEST)) {
        return time.truncatedTo(ChronoUnit.MILLIS);
      }
    } catch (DateTimeException e) {
      // falls through to the same error
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST,
        name + " must be a date such as 2026-01-31 or a time such as 2026-01-31T09:30:00Z.");
  }

  /**
   * Reads the cursor of a list by falling ids.
   *
   * @return the id before which the page begins; the greatest number for the first page
   */
  public static long before(@Nullable String cursor) {
    try {
      return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new HttpStatusException(
          HttpStatus.BAD_REQUEST, "cursor must be the next_cursor of a response.");
    }
  }

  public static LocalDate day(String name, String given) {
    try {
      LocalDate day = LocalDate.parse(given);
      if (day.getYear() >= 1970 && day.getYear() <= 9999) {
        return day;
      }
    } catch (DateTimeException e) {
      // falls through to the same error
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST, name + " must be a date such as 2026-01-31.");
  }

  /** Returns the constant with this name in lower case. */
  public static <E extends Enum<E>> E oneOf(String name, String given, Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(given)) {
        return constant;
      }
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST, "%s must be one of: %s.".formatted(name, names));
  }

  /** Reads {@code true} or {@code false}; the framework takes any other text for false. */
  public static boolean flag(String name, String given) {
    require(given.equals("true") || given.equals("false"), name + " must be true or false.");
    return given.equals("true");
  }

  /** Returns a number from 1 to {@code max}. */
  public static int upTo(String name, int given, int max) {
    require(given >= 1 && given <= max, "%s must be from 1 to %d.".formatted(name, max));
    return given;
  }

  /** Returns the number of rows to answer with, from 1 to {@code max}. */
  public static int limit(int given, int max) {
    return upTo("limit", given, max);
  }

  /**
   * @param limit null for the default of a page
   * @return the number of rows of a page
   */
  public static int pageSize(@Nullable Integer limit) {
    return limit == null ? DEFAULT_LIMIT : limit(limit, MAX_LIMIT);
  }

  /**
   * @param limit null for no limit
   * @return the number of rows of a download
   */
  public static long downloadSize(@Nullable Integer limit) {
    return limit == null ? Long.MAX_VALUE : limit(limit, Integer.MAX_VALUE);
  }

  public static int offset(int given) {
    require(
        given >= 0 && given <= MAX_OFFSET,
        "offset must be from 0 to " + MAX_OFFSET + "; use next_cursor for more.");
    return given;
  }

  /**
   * Returns the offset of a page.
   *
   * @param page from 1
   * @param size rows of each page
   */
  public static int pageOffset(int page, int size) {
    int last = MAX_OFFSET / size + 1;
    require(
        page >= 1 && page <= last,
        "page must be from 1 to %d with this limit; use next_cursor for more.".formatted(last));
    return (page - 1) * size;
  }
}
