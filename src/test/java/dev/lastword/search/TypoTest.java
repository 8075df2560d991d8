package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypoTest {

  @ParameterizedTest
  @CsvSource({
    "how do vacvi, how do vaccines work", // mistaken
    "inflaton, inflation rate", // left out
    "binary searchh, binary search", // too much
    "hlelo, hello", // exchanged
    "waet, wate", // one key in a short text
    "wahsing mahcine, washing machine", // two keys in a long one
    "usb c chargeh, usb c charger",
    "東京タワア, 東京タワー"
  })
  void oneWrongKeyIsATypo(String text, String next) {
    assertThat(Typo.isCorrectedBy(text, next)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "berlin, bonn",
    "cat, car", // too short to tell
    "hleol, hello", // two keys in a short text
    "iphone 14, iphone 15",
    "ssd 1tb, ssd 2tb",
    "wahsing mahcien, washing machine", // three keys
    "marathon, marble"
  })
  void anotherSearchIsNone(String text, String next) {
    assertThat(Typo.isCorrectedBy(text, next)).isFalse();
  }
}
