package dev.lastword.simulation;

import static dev.lastword.simulation.Behaviour.SEEN_AFTER_A_LOOK;
import static dev.lastword.simulation.Behaviour.SEEN_LATE;
import static dev.lastword.simulation.Behaviour.THINK;
import static dev.lastword.simulation.Behaviour.TYPO;

import dev.lastword.simulation.Phrase.Step;

/** How one person enters a text: speed, typos and their correction. Times are in milliseconds. */
final class TypingModel {

  private final SeededRandom random;
  private final SearchBox box;
  private final double key;

  TypingModel(SeededRandom random, SearchBox box, double key) {
    this.random = random;
    this.box = box;
    this.key = key;
  }

  /**
   * Types until the box shows {@code goal}, or what an unnoticed typo has made of it.
   *
   * @param next index of the first letter that is not in the box yet
   */
  void type(String goal, int next) {
    int unseen = 0; // letters until the typo is noticed; 0 without a typo
    boolean late = false;
    while (next < goal.length()) {
      if (unseen > 0 && --unseen == 0) {
        next = correct(goal);
        continue;
      }
      if (goal.charAt(next) == ' ' && random.does(THINK)) {
        box.pass(random.millis(1200, 0.6));
      }
      strike();
      if (!late && unseen == 0 && random.does(TYPO)) {
        next = typo(goal, next);
        late = random.does(SEEN_LATE);
        unseen = late ? 0 : random.between(1, 3);
      } else {
        box.append(goal.substring(next, ++next));
      }
    }
    if (unseen > 0 || (late && !random.does(SEEN_AFTER_A_LOOK))) {
      fix(goal);
    }
  }

  void typeAll(String goal) {
    type(goal, 0);
  }

  /** Corrects a complete text with a typo to {@code goal}. */
  void fix(String goal) {
    if (box.text().equals(goal)) {
      return;
    }
    if (random.happens(0.6)) {
      type(goal, correct(goal));
    } else if (random.happens(0.6)) {
      fixInPlace(goal);
    } else {
      notice();
      box.selectAll();
      type(goal, 0);
    }
  }

  /**
   * Deletes back to the typo.
   *
   * @return index of the next letter to type
   */
  private int correct(String goal) {
    notice();
    return backTo(commonBeginning(box.text(), goal));
  }

  int backTo(int length) {
    while (box.text().length() > length) {
      box.backspace();
      box.pass(random.millis(130, 0.3));
    }
    return length;
  }

  /** Moves the caret to the typo, deletes the wrong letters, and types the right ones. */
  private void fixInPlace(String goal) {
    notice();
    box.pass(random.millis(600, 0.4));
    String wrong = box.text();
    int begin = commonBeginning(wrong, goal);
    int end = commonEnd(wrong.substring(begin), goal.substring(begin));
    String after = wrong.substring(wrong.length() - end);
    for (int length = wrong.length() - end - 1; length >= begin; length--) {
      box.show(wrong.substring(0, length) + after);
      strike();
    }
    for (int length = begin + 1; length <= goal.length() - end; length++) {
      box.show(goal.substring(0, length) + after);
      strike();
    }
  }

  private int typo(String goal, int next) {
    String letter = goal.substring(next, next + 1);
    String wrong = String.valueOf((char) random.between('a', 'z'));
    boolean last = next + 1 == goal.length();
    switch (random.between(1, 10)) {
      case 1, 2 -> { // left out, unless there is nothing after it
        box.append(last ? wrong : goal.substring(next + 1, next + 2));
        return last ? next + 1 : next + 2;
      }
      case 3, 4 -> { // struck twice, or a neighbour with it
        box.append(letter);
        strike();
        box.append(random.happens(0.5) ? letter : wrong);
        return next + 1;
      }
      case 5, 6 -> { // exchanged with the next
        if (!last) {
          box.append(goal.substring(next + 1, next + 2));
          strike();
        }
        box.append(letter);
        return last ? next + 1 : next + 2;
      }
      default -> {
        box.append(wrong);
        return next + 1;
      }
    }
  }

  /**
   * Enters whole words after {@code kept}; a wrong one is replaced by another suggestion of the
   * keyboard.
   */
  void swipe(String goal, String kept) {
    StringBuilder text = new StringBuilder(kept);
    for (String word : goal.substring(kept.length()).strip().split(" ")) {
      text.append(text.isEmpty() ? "" : " ");
      box.pass(random.millis(300 + 60.0 * word.length(), 0.4));
      if (word.length() > 2 && random.does(TYPO)) {
        box.show(text + word.substring(0, word.length() - 2) + "ws");
        box.pass(random.millis(900, 0.4));
      }
      box.show(text.append(word).toString());
    }
  }

  /** Types through an input method. If the page waits for it, it sends only converted texts. */
  void compose(Phrase phrase, boolean composingSent) {
    boolean picks = phrase.steps().stream().anyMatch(Step::picked);
    for (Step step : phrase.steps()) {
      box.pass(step.picked() ? random.millis(450, 0.5) : random.millis(key, 0.45));
      if (composingSent || !picks || step.picked()) {
        box.show(step.shown());
      }
    }
  }

  private void strike() {
    box.pass(random.millis(key, 0.45));
  }

  private void notice() {
    box.pass(random.millis(450, 0.5));
  }

  static int commonBeginning(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return length;
  }

  private static int commonEnd(String a, String b) {
    return commonBeginning(
        new StringBuilder(a).reverse().toString(), new StringBuilder(b).reverse().toString());
  }
}
