package dev.lastword.search;

import dev.lastword.row.Text;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which texts of a staged row are searches, and which complete one that is in the log.
 *
 * <ol>
 *   <li>A text that the typist left after less than twice {@code rest} is dropped if the next one
 *       corrects it ({@link Typo}), or is what an input method made of it ({@link ImeComposition}),
 *       or if it is a prefix of the search that the session logged last, which the typist was
 *       deleting. Its keystrokes count for the next text.
 *   <li>Equal texts are one search, the latest of them.
 *   <li>A text that is a prefix of another text of the row is dropped.
 *   <li>So is a text that the session has logged with the same client time or a later one.
 *   <li>A text completes (amends) the search that the session made last before it was typed, if
 *       that is in the log, and the text repeats it. If that search was not submitted, so does a
 *       text that extends it, and one that corrects it, or is what an input method made of it,
 *       after less than twice {@code rest}. Both are of one user and less than {@code amend} apart,
 *       by the clock of the client if it sends times, and the search was logged at most half an
 *       hour before.
 *   <li>A text is dropped if it is a prefix of the search that the session logged last, at most
 *       half an hour before, if the row began with at least half of that search: then the typist
 *       was deleting it.
 *   <li>So is a straggler: a text that is older, by the clock of the client and by at most {@link
 *       StagingRepository#STRAGGLER}, than a search that the session has logged. An exception is a
 *       text that extends the search logged before it: it is the late end of that search.
 * </ol>
 *
 * <p>Texts of different users have nothing to do with each other. A submitted text is exempt from
 * all rules that drop texts but the second and the fourth. Dropped texts are counted by tenant and
 * reason: texts = kept + dropped. Letter case is ignored.
 */
final class PromotionRules {
  static final Duration LOOK_BACK = Duration.ofMinutes(30);

  /** Why a text of a tenant was not taken for a search. */
  record Drop(int tenantId, DropReason reason) {}

  /**
   * What becomes of the texts of a row.
   *
   * @param added new searches, oldest first
   * @param amended logged searches with what completes them
   */
  record Kept(List<Search> added, List<Search> amended) {}

  private final DebounceSettings settings;
  private final Map<Drop, Integer> drops = new HashMap<>();

  PromotionRules(DebounceSettings settings) {
    this.settings = settings;
  }

  /** Returns the number of texts dropped so far. */
  Map<Drop, Integer> drops() {
    return drops;
  }

  /**
   * Returns the searches of the row.
   *
   * @param logged the recent searches of the session, oldest first
   */
  Kept keep(StagedRow row, List<Search> logged) {
    List<Search> texts = distinct(lookedAt(row, latest(row, logged)));
    int size = logged.size();
    // Those of the log, as amended so far, and then the new ones.
    List<Search> searches = new ArrayList<>(logged);
    for (Search text : texts) {
      List<Search> log = searches.subList(0, size);
      DropReason reason = ofRow(text, texts, log);
      int last = lastBefore(text, searches);
      boolean amends = reason == null && last >= 0 && last < size && amends(text, log.get(last));
      if (reason == null && !amends) {
        reason = ofLog(row, text, log);
      }
      if (reason != null) {
        drop(row.key(), reason, 1);
      } else if (amends) {
        log.set(last, log.get(last).amendedBy(text));
      } else {
        searches.add(latest(row, log).map(text::notBefore).orElse(text));
      }
    }
    List<Search> amended =
        IntStream.range(0, size)
            .filter(i -> searches.get(i).revision() > logged.get(i).revision())
            .mapToObj(searches::get)
            .toList();
    return new Kept(searches.subList(size, searches.size()), amended);
  }

  /** Returns whether a text completes the logged search that was made before it. */
  private boolean amends(Search text, Search logged) {
    Duration pause = pause(logged, text);
    if (!text.isOfSameUserAs(logged)
        || pause.compareTo(settings.amend()) >= 0
        || logged.searchedAt().isBefore(typed(text).minus(LOOK_BACK))) {
      return false;
    }
    if (text.isSameTextAs(logged)) {
      return true;
    }
    boolean isCorrection =
        pause.compareTo(settings.passing()) < 0
            && (Typo.isCorrectedBy(logged.folded(), text.folded())
                || ImeComposition.isConvertedBy(logged.folded(), text.folded()));
    return !logged.submitted() && (logged.isBeginningOf(text) || isCorrection);
  }

  /** Returns the older of the two times of a text, which is that of a keystroke that was late. */
  private static LocalDateTime typed(Search text) {
    LocalDateTime typed = text.typedAt();
    return typed != null && typed.isBefore(text.searchedAt()) ? typed : text.searchedAt();
  }

  /** Returns the time between the last keystrokes of both. */
  private static Duration pause(Search earlier, Search later) {
    return isNotNewer(earlier, later)
        ? Duration.between(earlier.typedAt(), later.typedAt())
        : Duration.between(earlier.lastSeen(), later.searchedAt());
  }

  /** Returns the index of the search that was made last before the text was typed. */
  private static int lastBefore(Search text, List<Search> searches) {
    int last = -1;
    for (int i = 0; i < searches.size(); i++) {
      if (isNotNewer(searches.get(i), text)
          && (last < 0 || isNotNewer(searches.get(last), searches.get(i)))) {
        last = i;
      }
    }
    if (last >= 0 || searches.isEmpty()) {
      return last;
    }
    Search latest = searches.get(searches.size() - 1);
    return isOvertakenBy(text, latest) && !latest.isBeginningOf(text) ? -1 : searches.size() - 1;
  }

  /**
   * Returns whether the rules need no searches that the session logged before these: they look for
   * those that were typed at the same time as a text of the row, or later, and for the last one
   * before it.
   *
   * @param newest the newest searches of the session, in any order
   */
  static boolean suffices(StagedRow row, List<Search> newest) {
    Optional<LocalDateTime> oldestText =
        row.texts().stream()
            .map(StagedRow.Finished::typedAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    Optional<LocalDateTime> oldestLogged =
        newest.stream()
            .map(Search::typedAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder());
    return oldestText.isEmpty()
        || oldestLogged.isPresent()
            && oldestLogged.get().isBefore(oldestText.get().minus(StagingRepository.STRAGGLER));
  }

  private void drop(SessionKey session, DropReason reason, int count) {
    if (count > 0) {
      drops.merge(new Drop(session.tenantId(), reason), count, Integer::sum);
    }
  }

  /** Returns the search that the session logged last, unless that is too long ago. */
  private static Optional<Search> latest(StagedRow row, List<Search> logged) {
    return logged.stream()
        .reduce((earlier, later) -> later)
        .filter(search -> !search.searchedAt().isBefore(row.lastSeen().minus(LOOK_BACK)));
  }

  private List<Search> lookedAt(StagedRow row, Optional<Search> latest) {
    List<StagedRow.Finished> texts = row.texts();
    List<Search> searches = new ArrayList<>();
    int counted = 0;
    for (int i = 0; i < texts.size() - (row.aged() ? 0 : 1); i++) {
      StagedRow.Finished text = texts.get(i);
      Search search = row.search(text, text.keystrokes() - counted);
      boolean passed =
          i + 1 < texts.size()
              && !text.submitted()
              && text.rested() < settings.passing().toMillis()
              && !text.isOfOtherUserThan(texts.get(i + 1));
      DropReason reason =
          passed ? passed(search, Text.fold(texts.get(i + 1).keyword()), latest) : null;
      if (reason == null) {
        searches.add(search);
        counted = text.keystrokes();
      } else {
        drop(row.key(), reason, 1);
      }
    }
    return searches;
  }

  private static @Nullable DropReason passed(Search text, String next, Optional<Search> latest) {
    if (Typo.isCorrectedBy(text.folded(), next)) {
      return DropReason.TYPO;
    }
    if (ImeComposition.isConvertedBy(text.folded(), next)) {
      return DropReason.COMPOSING;
    }
    return latest.filter(text::isBeginningOf).isPresent() ? DropReason.DELETING : null;
  }

  private List<Search> distinct(List<Search> texts) {
    List<Search> distinct = new ArrayList<>();
    for (Search text : texts) {
      Search latest = text;
      for (int i = 0; i < distinct.size(); i++) {
        if (distinct.get(i).isSameTextAs(text)) {
          latest = text.absorb(distinct.remove(i));
          drop(text.key(), DropReason.SAME, 1);
          break;
        }
      }
      distinct.add(latest);
    }
    return distinct;
  }

  private static @Nullable DropReason ofRow(Search text, List<Search> texts, List<Search> logged) {
    if (logged.stream().anyMatch(earlier -> isRepeat(text, earlier))) {
      return DropReason.REPEATED;
    }
    return !text.submitted() && texts.stream().anyMatch(text::isBeginningOf)
        ? DropReason.PREFIX
        : null;
  }

  private static @Nullable DropReason ofLog(StagedRow row, Search text, List<Search> logged) {
    if (text.submitted()) {
      return null;
    }
    if (isStraggler(text, logged)) {
      return DropReason.STRAGGLER;
    }
    return latest(row, logged).filter(search -> isDeleting(row, text, search)).isPresent()
        ? DropReason.DELETING
        : null;
  }

  private static boolean isDeleting(StagedRow row, Search text, Search latest) {
    return text.isBeginningOf(latest) && 2 * row.firstLength() >= Text.length(latest.folded());
  }

  private static boolean isRepeat(Search text, Search earlier) {
    return text.isSameTextAs(earlier) && isNotNewer(text, earlier);
  }

  private static boolean isStraggler(Search text, List<Search> logged) {
    return logged.stream().anyMatch(later -> isOvertakenBy(text, later))
        && logged.stream()
            .noneMatch(earlier -> earlier.isBeginningOf(text) && isNotNewer(earlier, text));
  }

  private static boolean isOvertakenBy(Search text, Search later) {
    return isNotNewer(text, later)
        && !Objects.requireNonNull(later.typedAt())
            .minus(StagingRepository.STRAGGLER)
            .isAfter(Objects.requireNonNull(text.typedAt()));
  }

  private static boolean isNotNewer(Search text, Search earlier) {
    LocalDateTime typed = text.typedAt();
    LocalDateTime before = earlier.typedAt();
    return typed != null && before != null && !typed.isAfter(before);
  }
}
