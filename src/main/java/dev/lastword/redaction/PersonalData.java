package dev.lastword.redaction;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Personal data that keywords may contain. */
public enum PersonalData {
  /** An e-mail address; also one that is not complete, at the end of the text. */
  EMAIL {
    @Override
    String mask(String text, List<String> regions) {
      return text.indexOf('@') < 0
          ? text
          : ADDRESS
              .matcher(text)
              .replaceAll(
                  found ->
                      NO_DOMAIN.matcher(domain(found)).matches()
                          ? Matcher.quoteReplacement(found.group())
                          : replacement);
    }
  },

  /** The number of a credit card: 13 to 19 digits that an issuer may use, with their checksum. */
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
    private String maskOf(String text) {
      List<MatchResult> groups = DIGITS.matcher(text).results().toList();
      StringBuilder masked = new StringBuilder();
      int end = 0;
      for (int first = 0; first < groups.size(); first++) {
        int last = lastOfCard(groups, first);
        if (last >= 0) {
          masked.append(text, end, groups.get(first).start()).append(replacement);
          end = groups.get(last).end();
          first = last;
        }
      }
      return masked.append(text, end, text.length()).toString();
    }

    /**
     * Returns the last group of the longest card that begins with a group; -1 if none does. Only
     * its last group may have fewer than four digits: others are series of numbers, and dates.
     */
    private static int lastOfCard(List<MatchResult> groups, int first) {
      StringBuilder number = new StringBuilder();
      int found = -1;
      for (int last = first; last < groups.size() && number.length() <= MAX_CARD; last++) {
        String group = groups.get(last).group();
        number.append(group);
        if (CardNumber.isOne(number.codePoints().map(Character::getNumericValue).toArray())) {
          found = last;
        }
        if (group.length() < MIN_GROUP) {
          break;
        }
      }
      return found;
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
      // A plus instead of what is dialled for it, without which only numbers of a region are found.
      String withPlus =
          DIALLED_PLUS
              .matcher(text)
              .replaceAll(found -> found.end() - found.start() == 2 ? " +" : "  +");
      StringBuilder masked = new StringBuilder();
      int end = 0;
      for (PhoneNumberMatch found :
          PhoneNumberUtil.getInstance().findNumbers(withPlus, region, Leniency.VALID, MAX_TRIES)) {
        int start = found.start();
        while (start > 0 && withPlus.charAt(start - 1) != text.charAt(start - 1)) {
          start--;
        }
        masked.append(text, end, start).append(replacement);
        end = found.end();
      }
      return masked.append(text, end, text.length()).toString();
    }
  };

  private static final int MIN_CARD = 13;
  private static final int MAX_CARD = 19;
  private static final int MIN_GROUP = 4;
  private static final int MIN_PHONE = 7;
  private static final int MAX_TRIES = 100;

  /** Numbers with the code of their country only. */
  private static final String ANY_REGION = "ZZ";

  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}＠．]");

  private static final String LETTER = "[\\p{L}\\p{M}]";
  private static final String LABEL = "[\\p{L}\\p{M}\\p{N}-]+";

  /** A domain with its top-level domain, or the beginning of one at the end of the text. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "[\\p{L}\\p{M}\\p{N}._%+'-]++"
              + "(?: ?@ ?(LABEL(?:\\.LABEL)*\\.(?:LETTER{2,}|xn--LABEL)(?![\\p{L}\\p{M}\\p{N}]))"
                  .replace("LABEL", LABEL)
                  .replace("LETTER", LETTER)
              + "|@([\\p{L}\\p{M}\\p{N}.-]+)$)");

  /** What follows an @ in names of packages and images: versions, scales, tags. Also times. */
  private static final Pattern NO_DOMAIN =
      Pattern.compile(
          "v?\\d+(?:\\.\\d+)*(?:\\.?|x(?:\\.\\p{L}+)?|\\p{L}{1,2}|-[\\w.-]+)"
              + "|latest|next|lts|beta|canary|sha\\d*");

  private static final Pattern DIGITS = Pattern.compile("\\p{Nd}+");

  private static final Pattern DIGIT_GROUPS =
      Pattern.compile("\\p{Nd}+(?:\\h?[\\h./_\\p{Pd}]\\h?\\p{Nd}+)*");

  /** From most countries, 00 is dialled for the plus; from North America, 011. */
  private static final Pattern DIALLED_PLUS =
      Pattern.compile("(?<![\\p{Nd}+])(?:00|011)(?=[ -]?[1-9])");

  /** What is stored instead. */
  final String replacement = "[" + name().toLowerCase(Locale.ROOT) + "]";

  /**
   * Replaces all data of this kind in a text.
   *
   * @param text as {@link #visible} returns it
   */
  abstract String mask(String text, List<String> regions);

  /**
   * Returns a text as it is seen: without characters that only format it, which are copied from
   * pages along with it, and with the narrow forms of the wide characters of addresses.
   */
  static String visible(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll(
            found ->
                switch (found.group()) {
                  case "＠" -> "@";
                  case "．" -> ".";
                  default -> "";
                });
  }

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

  private static String domain(MatchResult address) {
    return Objects.requireNonNullElse(address.group(1), address.group(2));
  }

  private static long digits(String text) {
    return text.chars().filter(Character::isDigit).count();
  }
}
