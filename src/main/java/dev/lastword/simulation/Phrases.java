package dev.lastword.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The phrases that simulated people search for, from {@code phrases.txt}. */
final class Phrases {

  static final List<Phrase> SHOP;

  /** Includes {@link #SHOP}. */
  static final List<Phrase> TYPED;

  static final List<Phrase> COMPOSED;
  static final List<Phrase> MORE;

  static {
    Map<String, List<String>> sections = read();
    SHOP = section(sections, "[shop]").stream().map(Phrase::typed).toList();
    TYPED =
        Stream.concat(SHOP.stream(), section(sections, "[typed]").stream().map(Phrase::typed))
            .toList();
    MORE = section(sections, "[more]").stream().map(Phrase::typed).toList();
    List<Phrase> composed = new ArrayList<>();
    section(sections, "[composed]").forEach(line -> composed.add(Phrase.composed(line)));
    section(sections, "[hangul]").forEach(line -> composed.add(Phrase.hangul(line)));
    COMPOSED = List.copyOf(composed);
  }

  private Phrases() {}

  private static List<String> section(Map<String, List<String>> sections, String name) {
    return requireNonNull(sections.get(name), name);
  }

  private static Map<String, List<String>> read() {
    try (InputStream in = requireNonNull(Phrases.class.getResourceAsStream("phrases.txt"))) {
      Map<String, List<String>> sections = new HashMap<>();
      List<String> lines = List.of();
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (line.startsWith("[")) {
          lines = new ArrayList<>();
          sections.put(line, lines);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          lines.add(line);
        }
      }
      return sections;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
