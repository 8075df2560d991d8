package dev.lastword.redaction;

import java.util.stream.IntStream;

/** Tells numbers of credit cards from other numbers of their length. */
final class CardNumber {

  private CardNumber() {}

  /**
   * Returns whether a number has the length, the first digits and the checksum of a card.
   *
   * <p>First digits by length are those of ISO/IEC 7812 that card schemes use, so that the other
   * numbers which people search for are none: of devices (IMEI: 15 digits, 35), of goods (13 and 14
   * digits) and times (14 and 17 digits, 20).
   */
  static boolean isOne(int[] digits) {
    return digits.length > 1
        && isIssued(digits.length, digits[0] * 10 + digits[1])
        && sum(digits, CardNumber::luhn) % 10 == 0
        && !isEan(digits);
  }

  private static boolean isIssued(int length, int begin) {
    return switch (length) {
      case 13 -> begin / 10 == 4 || begin == 50; // Visa, Maestro
      case 14 -> begin == 30 || begin == 36 || begin == 38 || begin == 39; // Diners Club
      case 15 -> begin == 34 || begin == 37; // American Express
      case 16 -> begin >= 22 && begin <= 69;
      case 17, 18, 19 -> begin >= 40 && begin <= 69; // Visa, Maestro, UnionPay
      default -> false;
    };
  }

  /** Returns whether it is the number of an article, which has another checksum. */
  private static boolean isEan(int[] digits) {
    return digits.length == 13 && sum(digits, (digit, odd) -> odd ? 3 * digit : digit) % 10 == 0;
  }

  private interface Weight {
    /**
     * @param odd whether the number of digits after it is odd
     */
    int of(int digit, boolean odd);
  }

  private static int sum(int[] digits, Weight weight) {
    return IntStream.range(0, digits.length)
        .map(i -> weight.of(digits[i], (digits.length - 1 - i) % 2 == 1))
        .sum();
  }

  private static int luhn(int digit, boolean odd) {
    int weighted = odd ? 2 * digit : digit;
    return weighted > 9 ? weighted - 9 : weighted;
  }
}
