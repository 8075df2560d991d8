package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.search.Fidelity.Policy;
import dev.lastword.simulation.Behaviour;
import dev.lastword.simulation.SimulatedSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The fold with a thousand simulated people, compared with simpler rules. */
@Tag("once")
class FidelityTest {

  private static final int SESSIONS = 1_000;

  private static double f1(Policy policy, Set<Behaviour> behaviours) {
    return policy.score(Fidelity.sessions(SESSIONS, behaviours)).f1();
  }

  @Test
  void logsWhatPeopleMeant() {
    assertThat(f1(Policy.WITH_TIMES, Fidelity.IN_TIME)).isGreaterThanOrEqualTo(0.987);
    assertThat(f1(Policy.ARRIVAL_ONLY, Fidelity.IN_TIME)).isGreaterThanOrEqualTo(0.985);
    assertThat(f1(Policy.KEEPS_PASSED, Fidelity.IN_TIME)).isLessThan(0.97);
    assertThat(f1(Policy.APPEND_ONLY, Fidelity.IN_TIME)).isLessThan(0.965);
    assertThat(f1(Policy.LONGEST, Fidelity.IN_TIME)).isLessThan(0.9);
    assertThat(f1(Policy.LATEST, Fidelity.IN_TIME)).isLessThan(0.9);
  }

  @Test
  void lateKeystrokesCostLittle() {
    Set<Behaviour> all = EnumSet.allOf(Behaviour.class);
    assertThat(f1(Policy.LONGEST, all)).isLessThan(0.8);
    assertThat(f1(Policy.ARRIVAL_ONLY, all)).isGreaterThanOrEqualTo(0.95);
    assertThat(f1(Policy.WITH_TIMES, all)).isGreaterThanOrEqualTo(0.983);
    assertThat(f1(Policy.WITH_TIMES, EnumSet.of(Behaviour.LATE, Behaviour.ENTER)))
        .isGreaterThanOrEqualTo(0.996);
  }

  @ParameterizedTest
  @EnumSource
  void noBehaviourAloneIsFoldedBadly(Behaviour behaviour) {
    List<SimulatedSession> sessions = Fidelity.sessions(500, EnumSet.of(behaviour));
    assertThat(Policy.WITH_TIMES.score(sessions).f1()).isGreaterThanOrEqualTo(0.98);
  }

  /** Both documents say what {@code load-tests/fidelity} measured last. */
  @Test
  void theDocumentsHaveTheMeasuredFigures() throws IOException {
    List<String> table = Files.readAllLines(Path.of("load-tests/results/fidelity.md"));
    assertThat(Files.readString(Path.of("ARCHITECTURE.md"))).contains(String.join("\n", table));
    assertThat(
            Pattern.compile("0\\.\\d{3}")
                .matcher(Files.readString(Path.of("README.md")).split("simulated sessions", 2)[1])
                .results()
                .limit(5)
                .map(MatchResult::group))
        .containsExactly(
            figure(table, Policy.WITH_TIMES, 4),
            figure(table, Policy.WITH_TIMES, 2),
            figure(table, Policy.WITH_TIMES, 3),
            figure(table, Policy.LONGEST, 4),
            figure(table, Policy.LATEST, 4));
  }

  private static String figure(List<String> table, Policy policy, int column) {
    return table.stream()
        .map(line -> line.split(" *\\| *"))
        .filter(cells -> cells[1].equals(policy.title()))
        .findFirst()
        .orElseThrow()[column];
  }
}
