package dev.lastword.search;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lastword.search.FoldModel.Drop;
import dev.lastword.search.FoldModel.Found;
import dev.lastword.search.FoldModel.Logged;
import dev.lastword.search.FoldModel.Typed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldModelTest {

  private static final Duration KEY = Duration.ofMillis(200);
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final FoldModel fold =
      new FoldModel(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(2));
  private Instant now = START;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "B Bu Bus Busi Busin Busine Busines                      | Busines",
        "york nyork neyork newyork                               | newyork",
        "nerlin erlin berlin                                     | berlin",
        "berlin 3s berlin 2s b bo bon bonn                       | berlin, bonn",
        "Business Cat                                            | Business, Cat",
        "Business C Ca Cat                                       | Business, Cat",
        "Business Busines Bus                                    | Business",
        "javascript 60s j ja jav java                            | javascript, java",
        "javascript 60s javascrip javascri javascr javas ja j    | javascript",
        "jav jaav jaa ja jav java                                | java",
        "java 2s java# 2s rust                                   | java#, rust",
        "JAVA java Java                                          | JAVA",
      })
  void aSequenceOfTextsGives(String typed, String searches) {
    for (String step : typed.split(" ")) {
      if (step.endsWith("s") && Character.isDigit(step.charAt(0))) {
        pass(Duration.ofSeconds(Integer.parseInt(step.replace("s", ""))).minus(KEY));
      } else {
        type(step);
      }
    }
    settle();
    assertThat(fold.log).extracting(Logged::keyword).containsExactly(searches.split(", "));
  }

  @Nested
  class Table {

    @Test
    void noRowIsInserted() {
      type("ja");
      assertRow("ja", 2, false);
      assertThat(row().firstLength).isEqualTo(2);
    }

    @Test
    void aStragglerThatExtendsTheKeywordBecomesIt() {
      type("java");
      Instant seen = row().lastSeen;
      straggler("javas", Duration.ofMillis(100));
      assertRow("javas", 4, false);
      assertThat(row().lastSeen).isEqualTo(seen);
      assertThat(row().typedAt).isEqualTo(START);
    }

    @Test
    void anyOtherStragglerIsOnlyCounted() {
      type("java");
      straggler("jax", Duration.ofSeconds(30));
      assertRow("java", 4, false);
      assertThat(row().keystrokes).isEqualTo(2);
      assertThat(row().lastSeen).isEqualTo(START);
    }

    @Test
    void aStragglerLeavesASubmittedKeyword() {
      submit("java");
      straggler("javas", Duration.ofMillis(100));
      assertRow("java", 4, false);
    }

    @Test
    void aSubmittedStragglerIsASeparateSearch() {
      type("java");
      fold.type(new Typed("rust", "ann", START.minusSeconds(1), true), now);
      assertRow("java", 4, false, "rust");
      assertThat(row().submitted).isFalse();
      assertThat(row().userId).isEqualTo("ann");
      assertThat(row().finished)
          .containsExactly(new Found("ann", "rust", true, 0, 1, START.minusSeconds(1), now));
    }

    @Test
    void aStragglerOnlyFillsAMissingUser() {
      fold.type(new Typed("java", "ann", now, false), now);
      fold.type(new Typed("jav", "bob", now.minusMillis(1), false), now);
      assertThat(row().userId).isEqualTo("ann");
    }

    @Test
    void aTimeOlderThanTheWindowIsAClockThatWasSet() {
      type("java");
      straggler("rust", Duration.ofMillis(30_001));
      assertRow("rust", 4, false);
      assertThat(row().typedAt).isEqualTo(START.minusMillis(30_001));
    }

    @Test
    void typingOnIsTheSameSearchEvenAfterARest() {
      type("java");
      pass(Duration.ofSeconds(3));
      type("java t");
      assertRow("java t", 6, false);
    }

    @Test
    void deletingKeepsTheLongest() {
      type("java");
      type("jav");
      assertRow("java", 3, false);
      type("java");
      assertRow("java", 4, false);
    }

    @Test
    void deletingAfterARestRemembersTheRest() {
      type("java");
      pass(Duration.ofSeconds(1));
      type("jav");
      type("ja");
      assertRow("java", 2, true);
      type("jam");
      assertRow("jam", 3, false, "java");
    }

    @Test
    void aTextThatWasRestedOnAndLeftIsFinished() {
      type("java");
      pass(Duration.ofSeconds(1));
      type("jazz");
      assertRow("jazz", 4, false, "java");
    }

    @Test
    void aTextThatWasReplacedInOneGoIsFinished() {
      type("java");
      type("r");
      assertRow("r", 1, false, "java");
    }

    @Test
    void aTextThatWasDeletedFirstIsACorrection() {
      type("java");
      type("jav");
      type("r");
      assertRow("r", 1, false);
    }

    @Test
    void aLengthThatGrowsByOneIsACorrection() {
      type("erlin");
      type("berlin");
      assertRow("berlin", 6, false);
    }

    @Test
    void theSameFirstLetterIsACorrection() {
      type("jaav");
      type("java script");
      assertRow("java script", 11, false);
    }

    @Test
    void aSubmittedKeywordIsFinishedByAnyOtherText() {
      submit("java");
      type("jav");
      assertRow("jav", 3, false, "java");
      assertThat(row().submitted).isFalse();
      assertThat(row().finished.get(0).submitted()).isTrue();
    }

    @Test
    void aShorterTextThatIsSubmittedReplacesTheKeyword() {
      type("java");
      submit("jav");
      assertRow("jav", 3, false);
      assertThat(row().submitted).isTrue();
    }

    @Test
    void submittingTheKeywordKeepsIt() {
      type("java");
      submit("JAVA");
      assertRow("java", 4, false);
      assertThat(row().submitted).isTrue();
    }
  }

  @Nested
  class Gap {

    @Test
    void goesByTheClientWhereBothTimesAreKnown() {
      type("java");
      pass(Duration.ofSeconds(4));
      fold.type(new Typed("jazz", null, START.plusMillis(999), false), now);
      assertRow("jazz", 4, false);
      fold.type(new Typed("rock", null, START.plusMillis(1999), false), now);
      assertRow("rock", 4, false, "jazz");
    }

    @Test
    void goesByTheDatabaseWhereATimeIsMissing() {
      type("java");
      pass(Duration.ofSeconds(1));
      fold.type(new Typed("jazz", null, null, false), now);
      assertRow("jazz", 4, false, "java");
      assertThat(row().typedAt).isNull();
    }

    @Test
    void goesByTheDatabaseWhereTheClockWasSet() {
      type("java");
      pass(Duration.ofSeconds(1));
      fold.type(new Typed("jazz", null, START.minusSeconds(60), false), now);
      assertRow("jazz", 4, false, "java");
    }
  }

  @Nested
  class Promotion {

    @Test
    void waitsUntilTheWindowHasPassed() {
      type("java");
      assertThat(fold.promote(START.plusSeconds(5))).isEmpty();
      assertThat(fold.promote(START.plusMillis(5001)))
          .containsExactly(new Logged("java", null, false, 1, START, START, START, 0));
      assertThat(fold.row).isNull();
    }

    @Test
    void takesASubmittedRowAtOnce() {
      submit("java");
      assertThat(fold.promote(START)).extracting(Logged::keyword).containsExactly("java");
    }

    @Test
    void givesEverySearchItsOwnKeystrokes() {
      typeAll("ja", "java");
      pass(Duration.ofSeconds(2));
      typeAll("r", "ru", "rust");
      settle();
      assertThat(fold.log).extracting(Logged::keystrokes).containsExactly(2, 3);
    }

    @Test
    void makesEqualTextsOneSearch() {
      for (String text : List.of("java", "rust", "JAVA")) {
        type(text);
        pass(Duration.ofSeconds(2));
      }
      settle();
      assertThat(fold.log).extracting(Logged::keyword).containsExactly("rust", "JAVA");
      assertThat(fold.log).extracting(Logged::keystrokes).containsExactly(1, 2);
      assertThat(fold.drops).containsEntry(Drop.SAME_AS_ANOTHER, 1);
    }

    @Test
    void dropsTheBeginningOfAnother() {
      typeAll("java", "r", "j", "ja", "jav", "javas");
      settle();
      assertThat(fold.log).extracting(Logged::keyword).containsExactly("javas");
      assertThat(fold.drops).containsEntry(Drop.BEGINNING_OF_ANOTHER, 1);
    }

    @Test
    void keepsABeginningThatWasSubmitted() {
      submit("java");
      typeAll("javas");
      settle();
      assertThat(fold.log).extracting(Logged::keyword).containsExactly("java", "javas");
    }

    @Test
    void dropsWhatWasDeletedOnTheWayOut() {
      type("javascript");
      settle();
      pass(Duration.ofMinutes(29));
      typeAll("javascrip", "javas", "j");
      settle();
      assertThat(fold.log).extracting(Logged::keyword).containsExactly("javascript");
      assertThat(fold.drops).containsEntry(Drop.BEGINNING_OF_LOGGED, 1);
    }

    @Test
    void keepsWhatWasTypedAnew() {
      type("javascript");
      settle();
      typeAll("java");
      settle();
      assertThat(fold.log).extracting(Logged::keyword).containsExactly("javascript", "java");
    }

    @Test
    void forgetsALoggedSearchAfterHalfAnHour() {
      type("javascript");
      settle();
      pass(Duration.ofMinutes(30));
      typeAll("javascrip");
      settle();
      assertThat(fold.log).hasSize(2);
    }

    @Test
    void dropsARepeatedDelivery() {
      Typed java = new Typed("java", null, START, false);
      fold.type(java, now);
      settle();
      fold.type(java, now);
      settle();
      assertThat(fold.log).hasSize(1);
      assertThat(fold.drops).containsEntry(Drop.REPEATED_DELIVERY, 1);
    }

    @Test
    void amendsASearchThatIsContinuedOrRepeatedWithinTwoMinutes() {
      type("java");
      settle();
      type("javascript");
      settle();
      submit("javascript");
      settle();
      assertThat(fold.log)
          .extracting(Logged::keyword, Logged::submitted, Logged::keystrokes, Logged::revision)
          .containsExactly(tuple("javascript", true, 3, 2));
      submit("javascript");
      settle();
      type("javascript engine");
      settle();
      assertThat(fold.log)
          .extracting(Logged::keyword, Logged::revision)
          .containsExactly(tuple("javascript", 3), tuple("javascript engine", 0));
      pass(Duration.ofMinutes(2));
      type("javascript engine");
      settle();
      assertThat(fold.log).hasSize(3);
    }

    @Test
    void logsThirtyTwoFinishedSearchesAndKeepsTheRow() {
      for (int i = 0; i <= FoldModel.FINISHED_AT_MOST; i++) {
        type("search " + (char) ('a' + i));
        pass(Duration.ofSeconds(2));
      }
      assertThat(fold.promote(now)).hasSize(FoldModel.FINISHED_AT_MOST);
      assertRow("search " + (char) ('a' + FoldModel.FINISHED_AT_MOST), 8, false);
      settle();
      assertThat(fold.log).extracting(Logged::keystrokes).containsOnly(1);
    }
  }

  private void typeAll(String... texts) {
    for (String text : texts) {
      type(text);
    }
  }

  private void type(String text) {
    type(text, false);
  }

  private void submit(String text) {
    type(text, true);
  }

  private void type(String text, boolean submitted) {
    promoteUntilNow();
    fold.type(new Typed(text, null, now, submitted), now);
    pass(KEY);
  }

  private void straggler(String text, Duration late) {
    fold.type(new Typed(text, null, START.minus(late), false), now);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void settle() {
    pass(Duration.ofSeconds(6));
    promoteUntilNow();
  }

  /** Promotes like the job, except for submitted rows, which tests promote themselves. */
  private void promoteUntilNow() {
    if (fold.row != null && row().lastSeen.plusSeconds(5).isBefore(now)) {
      fold.promote(now);
    }
  }

  private FoldModel.Row row() {
    return requireNonNull(fold.row);
  }

  private void assertRow(String keyword, int shown, boolean rested, String... finished) {
    assertThat(row().keyword).isEqualTo(keyword);
    assertThat(row().shownLength).isEqualTo(shown);
    assertThat(row().rested > 0).isEqualTo(rested);
    assertThat(row().finished).extracting(Found::keyword).containsExactly(finished);
  }
}
