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
import org.jspecify.annotations.Nullable;

/**
 * Decides which texts of a staged row are searches.
 *
 * <ol>
 *   <li>A text that the typist left after less than twice {@code rest} is dropped if the next one
 *       corrects it ({@link Typo}), or is what an input method made of it ({@link ImeComposition}),
 *       or if it is a prefix of the search that the session logged last, which the typist was
 *       deleting. Its keystrokes count for the next text.
 *   <li>Equal texts are one search, the latest of them.
 *   <li>A text that is a prefix of another text of the row is dropped.
 *   <li>So is a prefix of the search that the session logged last, at most half an hour before, if
 *       the row began with at least half of that search: then the typist was deleting it.
 *   <li>So is a text that the session has logged with the same client time or a later one.
 *   <li>So is a straggler: a text that is older, by the clock of the client and by at most {@link
 *       StagingRepository#STRAGGLER}, than a search that the session has logged. An exception is a
 *       text that extends the search logged before it: it is the late end of that search.
 * </ol>
 *
 * <p>Texts of different users have nothing to do with each other. A submitted text is exempt from
 * all but the second and the fifth rule. Dropped texts are counted by tenant and reason: texts =
 * kept + dropped. Letter case is ignored.
 */
final class PromotionRules {
  static final Duration LOOK_BACK = Duration.ofMinutes(30);

  /** Why a text of a tenant was not taken for a search. */
  record Drop(int tenantId, DropReason reason) {}

  private final long hardlyLooked;
  private final Map<Drop, Integer> drops = new HashMap<>();

  PromotionRules(Duration rest) {
    this.hardlyLooked = 2 * rest.toMillis();
  }

  /** Returns the number of texts dropped so far. */
  Map<Drop, Integer> drops() {
    return drops;
  }

  /**
   * Returns the searches of the row, oldest first.
   *
   * @param logged the recent searches of the session, oldest first
   */
  List<Search> keep(StagedRow row, List<Search> logged) {
    Optional<Search> latest = latest(row, logged);
    List<Search> texts = distinct(lookedAt(row, latest));
    List<Search> kept = new ArrayList<>();
    for (Search text : texts) {
      DropReason reason = reason(row, text, texts, logged, latest);
      if (reason == null) {
        kept.add(latest.map(text::notBefore).orElse(text));
      } else {
        drop(row.key(), reason, 1);
      }
    }
    return kept;
  }

  /**
   * Returns whether the rules need no searches that the session logged before these: they look for
   * those that were typed at the same time as a text of the row, or later.
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
              && text.rested() < hardlyLooked
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

  private static @Nullable DropReason reason(
      StagedRow row,
      Search text,
      List<Search> texts,
      List<Search> logged,
      Optional<Search> latest) {
    if (logged.stream().anyMatch(earlier -> isRepeat(text, earlier))) {
      return DropReason.REPEATED;
    }
    if (text.submitted()) {
      return null;
    }
    if (isStraggler(text, logged)) {
      return DropReason.STRAGGLER;
    }
    if (texts.stream().anyMatch(text::isBeginningOf)) {
      return DropReason.PREFIX;
    }
    return latest.filter(search -> isDeleting(row, text, search)).isPresent()
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
