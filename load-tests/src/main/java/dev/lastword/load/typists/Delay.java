package dev.lastword.load.typists;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.maxBy;

import dev.lastword.load.typists.SearchLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The time from the end of a search's window to its promotion.
 *
 * <p>A row of staging may become several searches. Its window is that of the last one, and ends
 * after the debounce time, or immediately after Enter. If the session sent something after that
 * search (a deletion, a repeat) which did not become a search, the log does not have the end of the
 * window, and the search is left out.
 */
final class Delay {

  private static final Duration DEBOUNCE = Duration.ofSeconds(5);

  /** Time between sending a keystroke and its time in the database. */
  private static final Duration ON_ITS_WAY = Duration.ofMillis(250);

  private Delay() {}

  /** Returns the delays in milliseconds. */
  static List<Long> of(Person person, Collection<Entry> entries, Instant start) {
    return entries.stream()
        .collect(groupingBy(Entry::promoted, maxBy(Comparator.comparing(Entry::searchedAt))))
        .values()
        .stream()
        .map(Optional::orElseThrow)
        .filter(entry -> isLast(entry, person, start))
        .map(Delay::of)
        .toList();
  }

  private static long of(Entry entry) {
    Duration window = entry.submitted() ? Duration.ZERO : DEBOUNCE;
    return Duration.between(entry.searchedAt().plus(window), entry.promoted()).toMillis();
  }

  private static boolean isLast(Entry entry, Person person, Instant start) {
    return person.typed().requests().stream()
        .map(request -> start.plusMillis(person.arrives(request)))
        .noneMatch(
            sent ->
                sent.isAfter(entry.searchedAt().plus(ON_ITS_WAY))
                    && sent.isBefore(entry.promoted()));
  }
}
