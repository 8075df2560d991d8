package dev.lastword.search;

import static java.time.Duration.ZERO;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fold and the promotion of one session in plain Java, which the SQL must match.
 *
 * <p>Written for readability, not for speed. Texts are normalised; times of the client are null if
 * it sends none.
 */
final class FoldModel {

  /** A keystroke of the session. */
  record Typed(
      String text, @Nullable String userId, @Nullable Instant typedAt, boolean submitted) {}

  /**
   * A search that the row has completed; {@code keystrokes} counts those of the row so far, {@code
   * rested} is in ms.
   */
  record Found(
      @Nullable String userId,
      String keyword,
      boolean submitted,
      long rested,
      int keystrokes,
      @Nullable Instant typedAt,
      Instant searchedAt) {}

  /**
   * A search in the log; {@code keystrokes} are its own, {@code lastSeen} is the time of its last
   * amendment.
   */
  record Logged(
      String keyword,
      @Nullable String userId,
      boolean submitted,
      int keystrokes,
      @Nullable Instant typedAt,
      Instant searchedAt,
      Instant lastSeen,
      int revision) {

    Logged amendedBy(Logged text) {
      return new Logged(
          text.keyword,
          text.userId == null ? userId : text.userId,
          submitted || text.submitted,
          keystrokes + text.keystrokes,
          typedAt == null || (text.typedAt != null && text.typedAt.isAfter(typedAt))
              ? text.typedAt
              : typedAt,
          searchedAt,
          text.lastSeen,
          revision + 1);
    }
  }

  /** The reason why a completed text is not a search. */
  enum Drop {
    TYPO,
    COMPOSING,
    SAME_AS_ANOTHER,
    BEGINNING_OF_ANOTHER,
    BEGINNING_OF_LOGGED,
    REPEATED_DELIVERY,
    STRAGGLER
  }

  /** The staged row. */
  static final class Row {
    String keyword;
    int shownLength;
    final int firstLength;
    long rested;
    boolean submitted;
    List<Found> finished = new ArrayList<>();
    int keystrokes = 1;
    @Nullable String userId;
    @Nullable Instant typedAt;
    Instant lastSeen;

    Row(Typed first, Instant now) {
      keyword = first.text();
      shownLength = length(first.text());
      firstLength = shownLength;
      submitted = first.submitted();
      userId = first.userId();
      typedAt = first.typedAt();
      lastSeen = now;
    }

    Found found() {
      return new Found(userId, keyword, submitted, rested, keystrokes, typedAt, lastSeen);
    }
  }

  static final int FINISHED_AT_MOST = 16;
  static final Duration STRAGGLER = Duration.ofSeconds(30);
  static final Duration LOOK_BACK = Duration.ofMinutes(30);

  private final Duration rest;
  private final Duration debounce;
  private final Duration amend;
  private final boolean keepsPassed;

  @Nullable Row row;
  final List<Logged> log = new ArrayList<>();
  final Map<Drop, Integer> drops = new EnumMap<>(Drop.class);

  FoldModel(Duration rest, Duration debounce, Duration amend) {
    this(rest, debounce, amend, false);
  }

  /**
   * @param keepsPassed whether texts that the typist only passed are logged, which the service
   *     never does: shows what dropping them is worth
   */
  FoldModel(Duration rest, Duration debounce, Duration amend, boolean keepsPassed) {
    this.rest = rest;
    this.debounce = debounce;
    this.amend = amend;
    this.keepsPassed = keepsPassed;
  }

  /** Folds one keystroke into the row; {@code now} is the database's. */
  void type(Typed keystroke, Instant now) {
    if (row == null) {
      row = new Row(keystroke, now);
      return;
    }
    if (isStraggler(row, keystroke)) {
      typeStraggler(row, keystroke, now);
    } else {
      typeNext(row, keystroke, now);
    }
    row.keystrokes++;
  }

  private boolean isStraggler(Row row, Typed keystroke) {
    if (row.typedAt == null || keystroke.typedAt() == null) {
      return false;
    }
    Duration late = Duration.between(keystroke.typedAt(), row.typedAt);
    return late.compareTo(ZERO) > 0 && late.compareTo(STRAGGLER) <= 0;
  }

  private static void typeStraggler(Row row, Typed keystroke, Instant now) {
    String before = row.keyword;
    boolean otherUser = isOther(row.userId, keystroke.userId());
    if (isBeginning(before, keystroke.text()) && !row.submitted && !otherUser) {
      row.keyword = keystroke.text();
    }
    if (keystroke.submitted() && (otherUser || !same(before, keystroke.text()))) {
      row.finished.add(
          new Found(
              keystroke.userId() == null ? row.userId : keystroke.userId(),
              keystroke.text(),
              true,
              0,
              row.keystrokes,
              keystroke.typedAt(),
              now));
    }
    if (row.userId == null) {
      row.userId = keystroke.userId();
    }
  }

  private void typeNext(Row row, Typed keystroke, Instant now) {
    String text = keystroke.text();
    long pause = gap(row, keystroke, now).toMillis();
    long look = pause >= rest.toMillis() ? Math.max(pause, 1) : 0;
    if (isOther(row.userId, keystroke.userId()) || (row.submitted && !same(text, row.keyword))) {
      row.rested = Math.max(row.rested, look);
      row.finished.add(row.found());
      startOver(row, keystroke);
    } else if (same(text, row.keyword)
        || (isBeginning(text, row.keyword) && !keystroke.submitted())) {
      row.rested = Math.max(row.rested, look);
      row.submitted |= keystroke.submitted();
    } else if (isBeginning(row.keyword, text)) {
      startOver(row, keystroke);
    } else {
      row.rested = Math.max(row.rested, look);
      if (row.rested > 0 || isReplacedInOneGo(row, text)) {
        row.finished.add(row.found());
      }
      startOver(row, keystroke);
    }
    row.shownLength = length(text);
    row.typedAt = keystroke.typedAt();
    row.lastSeen = now;
    if (keystroke.userId() != null) {
      row.userId = keystroke.userId();
    }
  }

  private static Duration gap(Row row, Typed keystroke, Instant now) {
    if (row.typedAt != null
        && keystroke.typedAt() != null
        && !keystroke.typedAt().isBefore(row.typedAt)) {
      return Duration.between(row.typedAt, keystroke.typedAt());
    }
    return Duration.between(row.lastSeen, now);
  }

  /**
   * Returns whether nothing was deleted, the first letter differs, and the length changed by more
   * than one key.
   */
  private static boolean isReplacedInOneGo(Row row, String text) {
    return row.shownLength >= length(row.keyword)
        && folded(row.keyword).codePointAt(0) != folded(text).codePointAt(0)
        && Math.abs(length(text) - row.shownLength) > 1;
  }

  private static void startOver(Row row, Typed keystroke) {
    row.keyword = keystroke.text();
    row.rested = 0;
    row.submitted = keystroke.submitted();
  }

  /**
   * Moves finished searches to the log if the row is due.
   *
   * @return the logged searches
   */
  List<Logged> promote(Instant now) {
    if (row == null) {
      return List.of();
    }
    List<Found> candidates;
    Row promoted = row;
    if (isAged(row, now)) {
      candidates = new ArrayList<>(row.finished);
      candidates.add(row.found());
      candidates = lookedAt(promoted, candidates);
      row = null;
    } else if (row.finished.size() >= FINISHED_AT_MOST) {
      candidates = new ArrayList<>(row.finished);
      candidates.add(row.found());
      candidates = lookedAt(promoted, candidates);
      candidates.remove(candidates.size() - 1);
      row.keystrokes -= row.finished.get(row.finished.size() - 1).keystrokes();
      row.finished = new ArrayList<>();
    } else {
      return List.of();
    }
    List<Logged> searches = searches(promoted, candidates);
    log.addAll(searches);
    return searches;
  }

  boolean isAged(Row row, Instant now) {
    return row.submitted || Duration.between(row.lastSeen, now).compareTo(debounce) > 0;
  }

  private List<Logged> searches(Row row, List<Found> candidates) {
    List<Logged> texts = distinct(row, candidates);
    List<Logged> searches = new ArrayList<>();
    for (Logged text : texts) {
      int amended = amended(text, searches);
      if (isRepeatedDelivery(text)) {
        count(Drop.REPEATED_DELIVERY);
      } else if (!text.submitted()
          && texts.stream()
              .anyMatch(
                  other ->
                      isBeginning(text.keyword(), other.keyword())
                          && !isOther(text.userId(), other.userId()))) {
        count(Drop.BEGINNING_OF_ANOTHER);
      } else if (amended >= 0) {
        log.set(amended, log.get(amended).amendedBy(text));
      } else if (!text.submitted() && isBeginningOfLogged(row, text)) {
        count(Drop.BEGINNING_OF_LOGGED);
      } else if (!text.submitted() && isLate(text)) {
        count(Drop.STRAGGLER);
      } else {
        searches.add(text);
      }
    }
    return searches;
  }

  /** Removes texts that were left after less than two rests and only passed. */
  private List<Found> lookedAt(Row row, List<Found> texts) {
    if (keepsPassed) {
      return texts;
    }
    List<Found> kept = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Found text = texts.get(i);
      if (i + 1 == texts.size()
          || text.submitted()
          || text.rested() >= 2 * rest.toMillis()
          || isOther(text.userId(), texts.get(i + 1).userId())) {
        kept.add(text);
      } else if (isTypo(folded(text.keyword()), folded(texts.get(i + 1).keyword()))) {
        count(Drop.TYPO);
      } else if (isConverted(folded(text.keyword()), folded(texts.get(i + 1).keyword()))) {
        count(Drop.COMPOSING);
      } else if (latest(row)
          .filter(latest -> isBeginning(text.keyword(), latest.keyword()))
          .filter(latest -> !isOther(text.userId(), latest.userId()))
          .isPresent()) {
        count(Drop.BEGINNING_OF_LOGGED);
      } else {
        kept.add(text);
      }
    }
    return kept;
  }

  /** Returns whether the different letters became an ideograph. */
  private static boolean isConverted(String text, String next) {
    if (text.isEmpty() || next.isEmpty()) {
      return false;
    }
    int from = text.codePointAt(0);
    int to = next.codePointAt(0);
    return from == to
        ? isConverted(
            text.substring(Character.charCount(from)), next.substring(Character.charCount(to)))
        : Character.isIdeographic(to) && !Character.isIdeographic(from);
  }

  /**
   * Returns whether a prefix of the next text differs by one error, or by two from six characters
   * on.
   */
  private static boolean isTypo(String text, String next) {
    int[] from = text.codePoints().toArray();
    int[] to = next.codePoints().toArray();
    String digits = text.replaceAll("\\P{Nd}", "");
    if (from.length < 4
        || next.startsWith(text)
        || !next.replaceAll("\\P{Nd}", "").startsWith(digits)) {
      return false;
    }
    int most = from.length < 6 ? 1 : 2;
    for (int length = 0; length <= to.length; length++) {
      if (isWithin(most, from, from.length, to, length)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWithin(int keys, int[] from, int i, int[] to, int j) {
    if (keys < 0 || Math.abs(i - j) > keys) {
      return false;
    }
    if (i == 0 || j == 0) {
      return true;
    }
    if (from[i - 1] == to[j - 1] && isWithin(keys, from, i - 1, to, j - 1)) {
      return true;
    }
    boolean exchanged = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
    return isWithin(keys - 1, from, i - 1, to, j - 1)
        || isWithin(keys - 1, from, i - 1, to, j)
        || isWithin(keys - 1, from, i, to, j - 1)
        || (exchanged && isWithin(keys - 1, from, i - 2, to, j - 2));
  }

  /** Merges equal texts to the latest of them, with the keystrokes of all. */
  private List<Logged> distinct(Row row, List<Found> candidates) {
    List<Logged> distinct = new ArrayList<>();
    int counted = 0;
    for (Found found : candidates) {
      Logged before =
          distinct.stream()
              .filter(
                  other ->
                      same(other.keyword(), found.keyword())
                          && !isOther(other.userId(), found.userId()))
              .findFirst()
              .orElse(null);
      if (before != null) {
        distinct.remove(before);
        count(Drop.SAME_AS_ANOTHER);
      }
      distinct.add(
          new Logged(
              found.keyword(),
              found.userId(),
              found.submitted() || (before != null && before.submitted()),
              found.keystrokes() - counted + (before == null ? 0 : before.keystrokes()),
              found.typedAt(),
              found.searchedAt(),
              found.searchedAt(),
              0));
      counted = found.keystrokes();
    }
    return distinct;
  }

  /** Returns which logged search the text completes, -1 if none. */
  private int amended(Logged text, List<Logged> sameRow) {
    List<Logged> searches = new ArrayList<>(log);
    searches.addAll(sameRow);
    int before = before(text, searches);
    if (before < 0 || before >= log.size()) {
      return -1;
    }
    Logged logged = log.get(before);
    Duration pause = pause(logged, text);
    boolean continues =
        same(logged.keyword(), text.keyword())
            || (!logged.submitted()
                && (isBeginning(logged.keyword(), text.keyword())
                    || (pause.compareTo(rest.multipliedBy(2)) < 0
                        && (isTypo(folded(logged.keyword()), folded(text.keyword()))
                            || isConverted(folded(logged.keyword()), folded(text.keyword()))))));
    Instant typed =
        text.typedAt() != null && text.typedAt().isBefore(text.searchedAt())
            ? text.typedAt()
            : text.searchedAt();
    return continues
            && !isOther(logged.userId(), text.userId())
            && pause.compareTo(amend) < 0
            && !logged.searchedAt().isBefore(typed.minus(LOOK_BACK))
        ? before
        : -1;
  }

  private static boolean byClient(Logged logged, Logged text) {
    return logged.typedAt() != null
        && text.typedAt() != null
        && !text.typedAt().isBefore(logged.typedAt());
  }

  private static Duration pause(Logged logged, Logged text) {
    return byClient(logged, text)
        ? Duration.between(logged.typedAt(), text.typedAt())
        : Duration.between(logged.lastSeen(), text.lastSeen());
  }

  /** Returns the search that was logged last before the text was typed, -1 if none. */
  private static int before(Logged text, List<Logged> log) {
    int found = -1;
    Instant newest = Instant.MIN;
    for (int i = 0; i < log.size(); i++) {
      Instant typed = log.get(i).typedAt();
      if (typed != null && byClient(log.get(i), text) && !typed.isBefore(newest)) {
        found = i;
        newest = typed;
      }
    }
    if (found >= 0) {
      return found;
    }
    int last = log.size() - 1;
    if (last < 0) {
      return -1;
    }
    Logged latest = log.get(last);
    boolean late =
        latest.typedAt() != null
            && text.typedAt() != null
            && !latest.typedAt().minus(STRAGGLER).isAfter(text.typedAt());
    return late && !isBeginning(latest.keyword(), text.keyword()) ? -1 : last;
  }

  private boolean isBeginningOfLogged(Row row, Logged text) {
    return latest(row)
        .filter(
            latest ->
                isBeginning(text.keyword(), latest.keyword())
                    && !isOther(text.userId(), latest.userId())
                    && row.firstLength * 2 >= length(latest.keyword()))
        .isPresent();
  }

  private Optional<Logged> latest(Row row) {
    return log.stream()
        .reduce((a, b) -> b.searchedAt().isBefore(a.searchedAt()) ? a : b)
        .filter(latest -> !latest.searchedAt().isBefore(row.lastSeen.minus(LOOK_BACK)));
  }

  /**
   * Returns whether the text is slightly older than a logged search, and not the end of one logged
   * before.
   */
  private boolean isLate(Logged text) {
    Instant typed = text.typedAt();
    if (typed == null) {
      return false;
    }
    boolean overtaken = false;
    for (Logged logged : log) {
      Instant other = logged.typedAt();
      if (other != null
          && !other.isAfter(typed)
          && isBeginning(logged.keyword(), text.keyword())
          && !isOther(logged.userId(), text.userId())) {
        return false;
      }
      overtaken |= other != null && !typed.isAfter(other) && !typed.plus(STRAGGLER).isBefore(other);
    }
    return overtaken;
  }

  private boolean isRepeatedDelivery(Logged text) {
    return text.typedAt() != null
        && log.stream()
            .anyMatch(
                logged ->
                    same(logged.keyword(), text.keyword())
                        && !isOther(logged.userId(), text.userId())
                        && logged.typedAt() != null
                        && !logged.typedAt().isBefore(text.typedAt()));
  }

  private static boolean isOther(@Nullable String user, @Nullable String other) {
    return user != null && other != null && !user.equals(other);
  }

  private void count(Drop drop) {
    drops.merge(drop, 1, Integer::sum);
  }

  private static boolean same(String a, String b) {
    return folded(a).equals(folded(b));
  }

  private static boolean isBeginning(String beginning, String text) {
    return folded(text).startsWith(folded(beginning)) && !same(beginning, text);
  }

  private static int length(String text) {
    String folded = folded(text);
    return folded.codePointCount(0, folded.length());
  }

  /** Folds letter case by code point, independent of the locale. */
  static String folded(String text) {
    return text.codePoints()
        .map(Character::toUpperCase)
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
