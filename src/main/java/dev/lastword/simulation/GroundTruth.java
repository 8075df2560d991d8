package dev.lastword.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one session searched for, according to the typist.
 *
 * <p>A search is a text whose results the typist read, or on which the typist pressed Enter. By the
 * product's definition, a prefix of another search is not a search, unless Enter was pressed on it:
 * neither if it was the next one within two minutes, nor if both were typed without a pause as long
 * as the debounce window, nor if the typist reached it by deleting from the longer one. The same
 * text twice is one search if nothing else was searched for between them within two minutes, or if
 * there was no pause as long as the debounce window.
 */
final class GroundTruth {

  private static final long WINDOW = Duration.ofSeconds(5).toMillis();
  private static final long AMEND = Duration.ofMinutes(2).toMillis();

  private record Search(
      String text, boolean submitted, boolean deleted, int stretch, boolean goesOn) {}

  private final List<Search> searches = new ArrayList<>();
  private int stretch;
  private long lastChange;

  /**
   * @param deleted whether the typist reached it by deleting from the search before
   * @param begun milliseconds of the session at its first change of the box
   * @param ended milliseconds at its last change
   */
  void search(String text, boolean submitted, boolean deleted, long begun, long ended) {
    boolean wasSubmitted = !searches.isEmpty() && searches.get(searches.size() - 1).submitted();
    if (wasSubmitted || begun - lastChange > WINDOW) {
      stretch++;
    }
    boolean goesOn = !searches.isEmpty() && ended - lastChange <= AMEND;
    lastChange = ended;
    searches.add(new Search(text.strip(), submitted, deleted, stretch, goesOn));
  }

  /** Returns all texts that were read or submitted, including prefixes. */
  List<String> lookedAt() {
    return searches.stream().map(Search::text).toList();
  }

  List<String> searches() {
    Map<Search, String> meant = new LinkedHashMap<>();
    for (int i = 0; i < searches.size(); i++) {
      Search search = searches.get(i);
      if (!isRepeated(i) && (search.submitted() || !isBeginning(i))) {
        Search same = new Search(folded(search.text()), false, false, search.stretch(), false);
        meant.put(same, search.text());
      }
    }
    return List.copyOf(meant.values());
  }

  /** Returns the search that the typist went on to within two minutes. */
  private Optional<Search> next(int i) {
    return searches.stream().skip(i + 1L).findFirst().filter(Search::goesOn);
  }

  private boolean isRepeated(int i) {
    String text = folded(searches.get(i).text());
    return next(i).filter(next -> folded(next.text()).equals(text)).isPresent();
  }

  private boolean isBeginning(int i) {
    Search search = searches.get(i);
    if (next(i).filter(next -> begins(search, next)).isPresent()) {
      return true;
    }
    if (search.deleted() && begins(search, searches.get(i - 1))) {
      return true;
    }
    return searches.stream()
        .anyMatch(other -> other.stretch() == search.stretch() && begins(search, other));
  }

  private static boolean begins(Search search, Search other) {
    return folded(other.text()).startsWith(folded(search.text()))
        && other.text().length() > search.text().length();
  }

  static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
