package dev.lastword.simulation;

import java.util.ArrayList;
import java.util.List;

/** The search box: the text in it, and a record of each change. */
final class SearchBox {

  /**
   * A change of the box, or Enter.
   *
   * @param at milliseconds since the session began
   */
  record Change(long at, String text, boolean submitted) {}

  private final List<Change> changes = new ArrayList<>();
  private long now;
  private String text = "";
  private boolean selected;

  void pass(long millis) {
    now += millis;
  }

  void show(String text) {
    this.text = text;
    selected = false;
    changes.add(new Change(now, text, false));
  }

  void append(String letters) {
    show(selected ? letters : text + letters);
  }

  void backspace() {
    show(selected ? "" : text.substring(0, text.offsetByCodePoints(text.length(), -1)));
  }

  /** Selects the text, so that the next change replaces it. */
  void selectAll() {
    selected = true;
  }

  void submit() {
    changes.add(new Change(now, text, true));
  }

  String text() {
    return text;
  }

  long now() {
    return now;
  }

  long lastChange() {
    return changes.get(changes.size() - 1).at();
  }

  List<Change> changes() {
    return changes;
  }
}
