package dev.lastword.simulation;

import static java.text.Normalizer.Form.NFC;
import static java.text.Normalizer.Form.NFD;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A thing to search for.
 *
 * @param text the final text in the box
 * @param steps what an input method shows before; empty if the letters are simply typed
 */
record Phrase(String text, List<Step> steps) {

  /**
   * @param shown the text in the box
   * @param picked whether the typist chose it from a list, not by one more key
   */
  record Step(String shown, boolean picked) {}

  static Phrase typed(String text) {
    return new Phrase(text, List.of());
  }

  /**
   * Returns a phrase of an input method.
   *
   * @param words a list of keys=converted; an apostrophe is typed with the letter after it
   */
  static Phrase composed(String words) {
    List<Step> steps = new ArrayList<>();
    String text = "";
    for (String word : words.split(" ")) {
      int equals = word.indexOf('=');
      for (int end = 1; end <= equals; end++) {
        if (word.charAt(end - 1) != '\'') {
          steps.add(new Step(text + word.substring(0, end), false));
        }
      }
      text += word.substring(equals + 1);
      steps.add(new Step(text, true));
    }
    return new Phrase(text, steps);
  }

  /** Returns a phrase whose syllables grow jamo by jamo. */
  static Phrase hangul(String text) {
    String jamo = Normalizer.normalize(text, NFD);
    List<Step> steps = new ArrayList<>();
    for (int end = 1; end <= jamo.length(); end++) {
      steps.add(new Step(Normalizer.normalize(jamo.substring(0, end), NFC), false));
    }
    return new Phrase(text, steps);
  }

  /** Returns this phrase typed after {@code text}. */
  Phrase behind(String text) {
    return new Phrase(
        text + " " + this.text,
        steps.stream().map(step -> new Step(text + " " + step.shown, step.picked)).toList());
  }

  Phrase capitals(boolean all) {
    String rest = text.substring(1);
    String first = text.substring(0, 1).toUpperCase(Locale.ROOT);
    return new Phrase(first + (all ? rest.toUpperCase(Locale.ROOT) : rest), steps);
  }

  boolean isTyped() {
    return steps.isEmpty();
  }
}
