package dev.lastword.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MaskFiguresTest {

  private final MaskFigures figures = new MaskFigures();

  /** Those that are known: each of them has its reason in ARCHITECTURE.md. */
  @Test
  void onlyTheKnownTextsAreMaskedWrongly() {
    assertThat(figures.mistakes())
        .containsExactlyInAnyOrder(
            "john at example dot com",
            "ann(at)example.com",
            "4222 222 222 222",
            "+49/30/901820",
            "030 901820",
            "(212) 555-0123",
            "who called 07400 123456",
            "06 12 34 56 78",
            "090-1234-5678",
            "8 916 123-45-67",
            "ssh root@server",
            "git clone git@github.com:acme/shop.git");
  }

  @Test
  void phoneNumbersWithoutTheCodeOfTheirCountryAreFoundIfItIsNamed() {
    assertThat(new MaskFigures("DE,US,GB,FR,JP,RU").mistakes())
        .doesNotContain(
            "030 901820",
            "(212) 555-0123",
            "who called 07400 123456",
            "06 12 34 56 78",
            "090-1234-5678",
            "8 916 123-45-67");
  }

  /** The documents say what {@code load-tests/masks} measured last, and it is still so. */
  @Test
  void theDocumentsHaveTheMeasuredFigures() throws IOException {
    String measured =
        String.format(
            Locale.ROOT, "precision %.3f, recall %.3f", figures.precision(), figures.recall());
    for (String file :
        new String[] {"load-tests/results/masks.md", "README.md", "ARCHITECTURE.md"}) {
      assertThat(Files.readString(Path.of(file))).as(file).contains(measured);
    }
  }
}
