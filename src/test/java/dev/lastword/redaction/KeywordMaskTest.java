package dev.lastword.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeywordMaskTest {

  private static KeywordMask mask(String kinds, String regions, String pattern) {
    return new KeywordMask(kinds, regions, pattern, new SimpleMeterRegistry());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann@example.com | [email]",
        "order of ann.b+c@mail.example.co.uk today | order of [email] today",
        "größe@müller.de,bob@example.org | [email],[email]",
        "mailto ann@exam | mailto [email]",
        "ann@example. | [email]",
        "ann_o'neil@example.com | [email]",
        "4111 1111 1111 1111 | [card]",
        "refund 4111-1111-1111-1111 now | refund [card] now",
        "378282246310005 5555555555554444 | [card] [card]",
        "４１１１１１１１１１１１１１１１ | [card]",
        "4111 1111 1111 1111 123 12 27 | [card] 123 12 27",
        "6304 1234 5678 9012 008 | [card]",
        "from 1 to 4111 1111 1111 1111 | from 1 to [card]",
        "+49 30 901820 | [phone]",
        "call +1 (212) 555-0123 or +44 20 7946 0958 | call [phone] or [phone]",
        "ann@example.com +49 30 901820 4111111111111111 | [email] [phone] [card]"
      })
  void personalDataIsMaskedByDefault(String text, String masked) {
    assertThat(mask("email,card,phone", "", "").mask(text)).isEqualTo(masked);
  }

  /** What people search for, and what only looks like personal data. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "business",
        "@ann",
        "ann@ home",
        "c@t food",
        "5 @ 3 euro",
        "4006381333931",
        "978-3-16-148410-0",
        "4111 1111 1111 1112",
        "41111111111111111111111",
        "1234567890123456",
        "0281002398",
        "2025-10-12 2026-10-12",
        "1990-2000",
        "iphone 15 128gb 2023",
        "win 11 22h2 22621.2428",
        "192.168.100.200",
        "30 901820",
        "＋ größer"
      })
  void nothingElseIs(String text) {
    assertThat(mask("email,card,phone", "", "").mask(text)).isSameAs(text);
  }

  @Test
  void phoneNumbersOfACountryNeedNoCodeOfIt() {
    assertThat(mask("phone", "DE,US", "").mask("030 901820, (212) 555-0123"))
        .isEqualTo("[phone], [phone]");
    assertThat(mask("phone", "DE", "").mask("(212) 555-0123")).isEqualTo("(212) 555-0123");
  }

  @Test
  void kindsAndPatternAreChosen() {
    String text = "ann@example.com +49 30 901820 KD-1234";
    assertThat(mask("", "", "").mask(text)).isSameAs(text);
    assertThat(mask("email", "", "").mask(text)).isEqualTo("[email] +49 30 901820 KD-1234");
    assertThat(mask("phone", "", "KD-\\d+").mask(text))
        .isEqualTo("ann@example.com [phone] [masked]");
  }

  @Test
  void aMaskedTextFitsIntoTheLog() {
    String addresses = "a@b.co ".repeat(36) + "abc";
    assertThat(addresses).hasSize(255);
    String masked = mask("email", "", "").mask(addresses);
    assertThat(masked).startsWith("[email] [email]").hasSize(255);
    String emoji = "a@b.co " + "😀".repeat(248);
    assertThat(mask("email", "", "").mask(emoji)).isEqualTo("[email] " + "😀".repeat(247));
  }
}
