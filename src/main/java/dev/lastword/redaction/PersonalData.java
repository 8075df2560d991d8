package dev.lastword.redaction;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Personal data that keywords may contain. */
public enum PersonalData {
  /** An e-mail address; also one that is not complete, at the end of the text. */
  EMAIL {
    @Override
    String mask(String text, List<String> regions) {
      return text.indexOf('@') < 0 ? text : ADDRESS.matcher(text).replaceAll(replacement);
    }
  },

  /** The number of a credit card: 14 to 19 digits with the right checksum (Luhn). */
  CARD {
    @Override
    String mask(String text, List<String> regions) {
      return digits(text) < MIN_CARD
          ? text
          : DIGIT_GROUPS
              .matcher(text)
              .replaceAll(found -> Matcher.quoteReplacement(maskOf(found.group())));
    }

    /** Masks cards in groups of digits. A card consists of whole groups. */
    private String maskOf(String groups) {
      int[] starts =
          IntStream.range(0, groups.length()).filter(i -> beginsGroup(groups, i)).toArray();
      for (int first = 0; first < starts.length; first++) {
        int longest = Math.min(starts.length, first + MAX_CARD); // each group has a digit
        for (int next = longest; next > first; next--) {
          int end = next == starts.length ? groups.length() : starts[next] - 1;
          if (isCard(groups.substring(starts[first], end))) {
            return groups.substring(0, starts[first]) + replacement + maskOf(groups.substring(end));
          }
        }
      }
      return groups;
    }

    private static boolean beginsGroup(String groups, int index) {
      return Character.isDigit(groups.charAt(index))
          && (index == 0 || !Character.isDigit(groups.charAt(index - 1)));
    }
  },

  /** A phone number that is valid: with the code of its country, or as one of some regions. */
  PHONE {
    @Override
    String mask(String text, List<String> regions) {
      if (digits(text) < MIN_PHONE) {
        return text;
      }
      String masked = text;
      for (String region : regions.isEmpty() ? List.of(ANY_REGION) : regions) {
        masked = maskOf(masked, region);
      }
      return masked;
    }

    private String maskOf(String text, String region) {
      StringBuilder masked = new StringBuilder();
      int end = 0;
      for (PhoneNumberMatch found :
          PhoneNumberUtil.getInstance().findNumbers(text, region, Leniency.VALID, MAX_TRIES)) {
        masked.append(text, end, found.start()).append(replacement);
        end = found.end();
      }
      return masked.append(text, end, text.length()).toString();
    }
  };

  private static final int MIN_CARD = 14;
  private static final int MAX_CARD = 19;
  private static final int MIN_PHONE = 7;
  private static final int MAX_TRIES = 100;

  /** Numbers with the code of their country only. */
  private static final String ANY_REGION = "ZZ";

  private static final Pattern ADDRESS =
      Pattern.compile(
          "[\\p{L}\\p{N}._%+'-]++@(?:[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+|[\\p{L}\\p{N}.-]+$)");

  private static final Pattern DIGIT_GROUPS = Pattern.compile("\\p{Nd}+(?:[ -]\\p{Nd}+)*");

  /** What is stored instead. */
  final String replacement = "[" + name().toLowerCase(Locale.ROOT) + "]";

  /** Replaces all data of this kind in a text. */
  abstract String mask(String text, List<String> regions);

  /** Returns the kind of a name in lower case; empty if there is none. */
  public static Optional<PersonalData> of(String name) {
    return Stream.of(values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }

  /** Returns whether a text is the code of a country whose phone numbers are known. */
  public static boolean isRegion(String text) {
    return PhoneNumberUtil.getInstance().getSupportedRegions().contains(text);
  }

  private static long digits(String text) {
    return text.chars().filter(Character::isDigit).count();
  }

  /** Returns whether a number has the length, the first digit and the checksum of a card. */
  private static boolean isCard(String number) {
    int[] digits =
        number.codePoints().filter(Character::isDigit).map(Character::getNumericValue).toArray();
    if (digits.length < MIN_CARD || digits.length > MAX_CARD || digits[0] < 2 || digits[0] > 6) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < digits.length; i++) {
      int digit = digits[digits.length - 1 - i];
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
