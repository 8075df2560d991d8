package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaGuardTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1",
        "+49 30",
        "-5",
        "@home",
        "＝1",
        "＋1",
        "－1",
        "＠home",
        " =1",
        "\t=1",
        "\r\n=1",
        "\n -1",
        "\u00A0=1",
        "\u3000＝1",
        "\u200B=1",
        "\uFEFF@x",
        "\u0000=1",
        "\ttab",
        "\rreturn",
        "\nline",
        "'=1",
        "''=1",
        "' =1"
      })
  void textsThatMayRunAreGuarded(String text) {
    assertThat(FormulaGuard.add(text)).isEqualTo("'" + text);
    assertThat(FormulaGuard.remove(FormulaGuard.add(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "a=1", "1-2", "'", "'tis", "''", "'a=1", " blank", "größe", "\"=1\""})
  void otherTextsStayAsTheyAre(String text) {
    assertThat(FormulaGuard.add(text)).isEqualTo(text);
    assertThat(FormulaGuard.remove(text)).isEqualTo(text);
  }
}
