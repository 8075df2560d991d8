package dev.lastword.redaction;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How well masks tell personal data from texts that look like it: on the 200 texts each of {@code
 * personal.txt} and {@code innocent.txt}, with the default settings. {@code load-tests/masks}
 * prints all figures.
 */
final class MaskFigures {
  private static final int ROUNDS = 200;
  private static final Pattern MARKED = Pattern.compile("\\[(email|card|phone):([^]]*)]");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u(\\p{XDigit}{4})");

  private final KeywordMask mask;
  private final List<Example> personal = examples("personal.txt");
  private final List<Example> innocent = examples("innocent.txt");

  MaskFigures() {
    this("");
  }

  MaskFigures(String regions) {
    mask = new KeywordMask("email,card,phone", regions, "", new SimpleMeterRegistry());
  }

  /**
   * A text of the files.
   *
   * @param masked what should be stored instead
   */
  record Example(String text, String masked) {}

  /** Prints the table of the documentation, with times. */
  public static void main(String[] args) {
    var figures = new MaskFigures();
    System.out.printf(
        Locale.ROOT,
        """
        | texts | masked as they should be | masked otherwise | time for a text |
        |---|---|---|---|
        | %d with personal data | %d | %d | %.0f µs |
        | %d without, most of which look like it | | %d | %.0f µs |

        precision %.3f, recall %.3f
        """,
        figures.personal.size(),
        figures.right(figures.personal),
        figures.wrong(figures.personal),
        figures.microseconds(figures.personal),
        figures.innocent.size(),
        figures.wrong(figures.innocent),
        figures.microseconds(figures.innocent),
        figures.precision(),
        figures.recall());
  }

  /** Returns the share of the masked texts that are masked as they should be. */
  double precision() {
    int right = right(personal);
    return (double) right / (right + wrong(personal) + wrong(innocent));
  }

  /** Returns the share of the texts with personal data that are masked as they should be. */
  double recall() {
    return (double) right(personal) / personal.size();
  }

  /** Returns texts that are not masked as they should be. */
  List<String> mistakes() {
    return Stream.of(personal, innocent)
        .flatMap(List::stream)
        .filter(example -> !mask.mask(example.text()).equals(example.masked()))
        .map(Example::text)
        .toList();
  }

  private int right(List<Example> examples) {
    return (int)
        examples.stream()
            .filter(example -> mask.mask(example.text()).equals(example.masked()))
            .filter(example -> !example.text().equals(example.masked()))
            .count();
  }

  private int wrong(List<Example> examples) {
    return (int)
        examples.stream()
            .filter(example -> !mask.mask(example.text()).equals(example.masked()))
            .filter(example -> !mask.mask(example.text()).equals(example.text()))
            .count();
  }

  /** Returns the time for a text, on average, after the compiler has seen it. */
  private double microseconds(List<Example> examples) {
    for (int i = 0; i < ROUNDS; i++) {
      right(examples);
    }
    int length = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < ROUNDS; i++) {
      for (Example example : examples) {
        length += mask.mask(example.text()).length();
      }
    }
    long end = System.nanoTime();
    if (length == 0) {
      throw new IllegalStateException("nothing was masked");
    }
    return (end - begin) / 1e3 / ROUNDS / examples.size();
  }

  private static List<Example> examples(String file) {
    List<Example> examples = new ArrayList<>();
    try (InputStream lines = MaskFigures.class.getResourceAsStream(file)) {
      for (String line :
          new String(Objects.requireNonNull(lines).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("# "))
              .toList()) {
        String read =
            ESCAPE
                .matcher(line)
                .replaceAll(hex -> Character.toString(Integer.parseInt(hex.group(1), 16)));
        String text = MARKED.matcher(read).replaceAll("$2");
        String masked = MARKED.matcher(read).replaceAll("[$1]");
        examples.add(new Example(text, masked.equals(text) ? text : PersonalData.visible(masked)));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return examples;
  }
}
