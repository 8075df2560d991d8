package dev.lastword.search;

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

/**
 * How well the fold and simpler rules log what simulated people meant, with fixed seeds. {@code
 * load-tests/fidelity} prints all figures.
 */
final class Fidelity {

  private static final Duration LENGTH = Duration.ofSeconds(90);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration DEBOUNCE = Duration.ofSeconds(5);
  private static final Duration AMEND = Duration.ofMinutes(2);
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** A rule that derives searches from the requests of a session. */
  enum Policy {
    LONGEST("longest text per session"),
    LATEST("latest text"),
    KEEPS_PASSED("the fold without these three rules, with `typed_at`"),
    APPEND_ONLY("the fold without amendment, with `typed_at`"),
    ARRIVAL_ONLY("the fold, arrival time only"),
    WITH_TIMES("the fold, with `typed_at`");

    private final String title;

    Policy(String title) {
      this.title = title;
    }

    /** Returns its name in the table. */
    String title() {
      return title;
    }

    private List<String> searches(List<SimulatedRequest> requests) {
      return switch (this) {
        case LONGEST -> simple(requests, true);
        case LATEST -> simple(requests, false);
        case KEEPS_PASSED -> fold(requests, true, new FoldModel(REST, DEBOUNCE, AMEND, true));
        case APPEND_ONLY -> fold(requests, true, new FoldModel(REST, DEBOUNCE, Duration.ZERO));
        case ARRIVAL_ONLY -> fold(requests, false, new FoldModel(REST, DEBOUNCE, AMEND));
        case WITH_TIMES -> fold(requests, true, new FoldModel(REST, DEBOUNCE, AMEND));
      };
    }

    PrecisionRecall score(List<SimulatedSession> sessions) {
      return PrecisionRecall.sum(
          sessions.stream()
              .map(session -> PrecisionRecall.of(session.meant(), searches(session.requests())))
              .toList());
    }
  }

  /** What people do in whose sessions no request is late. */
  static final Set<Behaviour> IN_TIME = EnumSet.complementOf(EnumSet.of(Behaviour.LATE));

  private Fidelity() {}

  /** Prints the table of the documentation; the argument is the number of sessions. */
  public static void main(String... args) {
    int number = Integer.parseInt(args[0]);
    System.out.println("| policy | precision | recall | F1 |\n|---|---|---|---|");
    List<SimulatedSession> inTime = sessions(number, IN_TIME);
    for (Policy policy : Policy.values()) {
      print(policy.title, policy.score(inTime));
    }
    List<SimulatedSession> all = sessions(number, EnumSet.allOf(Behaviour.class));
    for (Policy policy : EnumSet.of(Policy.LONGEST, Policy.ARRIVAL_ONLY, Policy.WITH_TIMES)) {
      print(policy.title + ", some late", policy.score(all));
    }
    List<SimulatedSession> plain = sessions(number, EnumSet.of(Behaviour.LATE, Behaviour.ENTER));
    print(Policy.WITH_TIMES.title + ", some late, only Enter", Policy.WITH_TIMES.score(plain));
  }

  private static void print(String title, PrecisionRecall score) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.3f | %.3f | %.3f |%n",
        title,
        score.precision(),
        score.recall(),
        score.f1());
  }

  static List<SimulatedSession> sessions(int number, Set<Behaviour> behaviours) {
    return LongStream.rangeClosed(1, number)
        .mapToObj(seed -> new Typist(seed, behaviours).session(LENGTH))
        .toList();
  }

  private static List<String> fold(
      List<SimulatedRequest> requests, boolean typedAt, FoldModel fold) {
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
