package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.search.FoldModel.Logged;
import dev.lastword.search.FoldModel.Typed;
import dev.lastword.simulation.Behaviour;
import dev.lastword.simulation.PrecisionRecall;
import dev.lastword.simulation.SimulatedRequest;
import dev.lastword.simulation.SimulatedSession;
import dev.lastword.simulation.Typist;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures the fold with thousands of simulated people, and compares it with simpler rules. */
@Tag("once")
class FidelityTest {

  private static final int SESSIONS = 6000;
  private static final Duration LENGTH = Duration.ofSeconds(90);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration DEBOUNCE = Duration.ofSeconds(5);
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** A rule that derives searches from the requests of a session. */
  private interface Policy {
    List<String> searches(List<SimulatedRequest> requests);
  }

  @Test
  void logsWhatPeopleMeant() {
    List<SimulatedSession> sessions =
        sessions(SESSIONS, EnumSet.complementOf(EnumSet.of(Behaviour.LATE)));
    PrecisionRecall longest = score("longest text per session", sessions, d -> simple(d, true));
    PrecisionRecall latest = score("latest text", sessions, d -> simple(d, false));
    PrecisionRecall arrivalOnly =
        score("this fold, arrival time only", sessions, d -> fold(d, false));
    PrecisionRecall withTimes = score("this fold, with typed_at", sessions, d -> fold(d, true));
    assertThat(withTimes.f1()).isGreaterThanOrEqualTo(0.98);
    assertThat(arrivalOnly.f1()).isGreaterThanOrEqualTo(0.978);
    assertThat(longest.f1()).isLessThan(0.9);
    assertThat(latest.f1()).isLessThan(0.9);
  }

  @Test
  void lateKeystrokesCostLittle() {
    List<SimulatedSession> all = sessions(SESSIONS, EnumSet.allOf(Behaviour.class));
    assertThat(score("longest text, some late", all, d -> simple(d, true)).f1()).isLessThan(0.8);
    assertThat(score("arrival time only, some late", all, d -> fold(d, false)).f1())
        .isGreaterThanOrEqualTo(0.94);
    assertThat(score("with typed_at, some late", all, d -> fold(d, true)).f1())
        .isGreaterThanOrEqualTo(0.978);
    List<SimulatedSession> lateOnly =
        sessions(SESSIONS, EnumSet.of(Behaviour.LATE, Behaviour.ENTER));
    assertThat(score("only LATE and ENTER", lateOnly, d -> fold(d, true)).f1())
        .isGreaterThanOrEqualTo(0.99);
  }

  @ParameterizedTest
  @EnumSource
  void noBehaviourAloneIsFoldedBadly(Behaviour behaviour) {
    List<SimulatedSession> sessions = sessions(500, EnumSet.of(behaviour));
    assertThat(score("only " + behaviour, sessions, d -> fold(d, true)).f1())
        .isGreaterThanOrEqualTo(0.98);
  }

  private static PrecisionRecall score(
      String name, List<SimulatedSession> sessions, Policy policy) {
    PrecisionRecall score =
        PrecisionRecall.sum(
            sessions.stream()
                .map(
                    session ->
                        PrecisionRecall.of(session.meant(), policy.searches(session.requests())))
                .toList());
    System.out.printf(
        Locale.ROOT,
        "| %-28s | %.3f | %.3f | %.3f |%n",
        name,
        score.precision(),
        score.recall(),
        score.f1());
    return score;
  }

  private static List<SimulatedSession> sessions(int number, Set<Behaviour> behaviours) {
    return LongStream.rangeClosed(1, number)
        .mapToObj(seed -> new Typist(seed, behaviours).session(LENGTH))
        .toList();
  }

  private static List<String> fold(List<SimulatedRequest> requests, boolean typedAt) {
    FoldModel fold = new FoldModel(REST, DEBOUNCE);
    long promoted = 0;
    for (SimulatedRequest request : shown(requests)) {
      for (; promoted < request.arrives(); promoted += 1000) {
        fold.promote(START.plusMillis(promoted));
      }
      Instant typed = typedAt ? START.plusMillis(request.typed()) : null;
      fold.type(
          new Typed(request.text().strip(), null, typed, request.submitted()),
          START.plusMillis(request.arrives()));
    }
    fold.promote(Instant.MAX);
    return fold.log.stream().map(Logged::keyword).toList();
  }

  /** Keeps one row per session until the window has passed: its longest or its latest text. */
  private static List<String> simple(List<SimulatedRequest> requests, boolean longest) {
    List<String> searches = new ArrayList<>();
    String text = "";
    long seen = Long.MAX_VALUE;
    for (SimulatedRequest request : shown(requests)) {
      if (request.arrives() - seen > DEBOUNCE.toMillis()) {
        searches.add(text);
        text = "";
      }
      String next = request.text().strip();
      text = longest && next.length() < text.length() ? text : next;
      seen = request.arrives();
    }
    searches.add(text);
    return searches;
  }

  private static List<SimulatedRequest> shown(List<SimulatedRequest> requests) {
    return requests.stream().filter(request -> !request.text().isBlank()).toList();
  }
}
