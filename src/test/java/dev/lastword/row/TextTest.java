package dev.lastword.row;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "red shoes",
        " red \t shoes\n",
        "red\u00A0shoes",
        "\uFEFFred shoes",
        "red shoes\u200B",
        "\u200E\u200Fred shoes \u200C\u200D",
        "\u2060 red shoes \u00AD ",
        "red \u0007shoes"
      })
  void whatIsNotSeenDoesNotMakeAnotherText(String text) {
    assertThat(Text.normalize(text)).isEqualTo("red shoes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\uFEFF", "\u200B\u200C\u200D\u200E\u200F", "\u00AD \u2060"})
  void whatIsNotSeenIsNoText(String text) {
    assertThat(Text.normalize(text)).isEmpty();
  }

  @Test
  void insideATextItIsKept() {
    assertThat(Text.normalize("می\u200Cخواهم 👨\u200D👩")).isEqualTo("می\u200Cخواهم 👨\u200D👩");
  }

  @Test
  void textsAreComposed() {
    assertThat(Text.normalize("cafe\u0301")).isEqualTo("café");
  }

  /** A letter by itself: texts keep their number of characters, so ß is not SS. */
  @Test
  void caseIsIgnoredAndSpellingIsNot() {
    assertThat(Text.fold("STRAẞE")).isEqualTo(Text.fold("straße"));
    assertThat(Text.fold("STRASSE")).isNotEqualTo(Text.fold("straße"));
  }
}
