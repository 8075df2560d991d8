package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.commit.BatchNumber;
import dev.lastword.database.DatabaseError;
import dev.lastword.row.Text;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.connection.ConnectionOperations;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests each case of the fold on the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class FoldTest {
  private static final long LOOK =
      1_500; // longer than the rest of 1 s, shorter than the window of 5 s

  @Inject DataSource database;
  @Inject StagingRepository staging;

  @Inject
  @Named("lanes")
  ConnectionOperations<Connection> lanes;

  private TypedSession session() {
    return new TypedSession(database, staging);
  }

  @Test
  void theFirstTextMakesTheRow() {
    assertThat(session().types("B").row())
        .isEqualTo(new TypedSession.Row("B", 1, 1, false, false, List.of(), 1, null, null));
  }

  @Test
  void everyBeginningEndsInTheLongestText() {
    var row = session().typesOut("Business").row();
    assertThat(row.keyword()).isEqualTo("Business");
    assertThat(row.finished()).isEmpty();
    assertThat(row.keystrokes()).isEqualTo(8);
  }

  @Test
  void typingOnAfterALookKeepsOneSearch() {
    var row = session().types("java").waits(LOOK).types("javascript").row();
    assertThat(row.keyword()).isEqualTo("javascript");
    assertThat(row.finished()).isEmpty();
    assertThat(row.rested()).isFalse();
  }

  @Test
  void deletingKeepsTheLongestText() {
    var row = session().types("Business", "Busines", "Bus").row();
    assertThat(row.keyword()).isEqualTo("Business");
    assertThat(row.shownLength()).isEqualTo(3);
    assertThat(row.rested()).isFalse();
  }

  @Test
  void aPauseOfTheTypistSurvivesAStallOfTheDatabase() {
    var row = session().typesLate(4_000, "berlin").typesLate(1_800, "bonn").row();
    assertThat(row.finished()).containsExactly("berlin");
    assertThat(row.keyword()).isEqualTo("bonn");
  }

  @Test
  void aStallOfTheDatabaseIsNoPauseOfTheTypist() {
    var row = session().types("nerlin").waits(4_000).typesLate(3_900, "berlin").row();
    assertThat(row.finished()).isEmpty();
    assertThat(row.keyword()).isEqualTo("berlin");
  }

  @Test
  void aPauseBeforeTheSameTextOrBeforeDeletingIsALookAtIt() {
    assertThat(session().types("berlin").waits(LOOK).types("berlin").row().rested()).isTrue();
    assertThat(session().types("berlin").waits(LOOK).types("berli").row().rested()).isTrue();
    assertThat(session().types("berlin").waits(LOOK).types("berli", "berl").row().rested())
        .isTrue();
    assertThat(session().types("berlin").waits(900).types("berli").row().rested()).isFalse();
  }

  @Test
  void aTextThatWasRestedOnAndLeftIsFinished() {
    var row = session().types("berlin").waits(LOOK).types("bonn").row();
    assertThat(row.finished()).containsExactly("berlin");
    assertThat(row.keyword()).isEqualTo("bonn");
    assertThat(
            session().types("berlin").waits(LOOK).types("berl", "b", "bo", "bonn").row().finished())
        .containsExactly("berlin");
  }

  @Test
  void aTextThatIsReplacedInOneGoIsFinished() {
    assertThat(session().typesOut("Business").types("Cat").row().finished())
        .containsExactly("Business");
  }

  @Test
  void aReplacementIsNoneWhereSomethingWasDeletedOrTheLetterStaysOrTheLengthHardlyChanges() {
    assertThat(session().types("Business", "Busines", "Cat").row().finished()).isEmpty();
    assertThat(session().types("Business", "Boat").row().finished()).isEmpty();
    assertThat(session().types("cat", "boat").row().finished()).isEmpty();
    assertThat(session().types("cat", "boats").row().finished()).containsExactly("cat");
    assertThat(session().types("boats", "cat").row().finished()).containsExactly("boats");
    assertThat(session().types("boat", "cat").row().finished()).isEmpty();
  }

  @Test
  void aCorrectionReplacesTheSlip() {
    assertThat(session().types("york", "nyork", "neyork", "newyork").row())
        .extracting(TypedSession.Row::keyword, TypedSession.Row::finished)
        .containsExactly("newyork", List.of());
    assertThat(session().types("nerlin", "erlin", "berlin").row())
        .extracting(TypedSession.Row::keyword, TypedSession.Row::finished)
        .containsExactly("berlin", List.of());
  }

  @Test
  void aStragglerThatExtendsTheKeywordBecomesIt() {
    var row = session().typesAt(0, "ber").typesAt(900, "berl").typesAt(500, "berlin").row();
    assertThat(row.keyword()).isEqualTo("berlin");
    assertThat(row.shownLength()).isEqualTo(4);
    assertThat(row.typedAt()).isEqualTo(TypedSession.START.plusNanos(900_000_000));
    assertThat(row.keystrokes()).isEqualTo(3);
  }

  @Test
  void aStragglerThatDoesNotExtendTheKeywordIsOnlyCounted() {
    var session = session().typesAt(0, "b").typesAt(900, "bonn");
    var before = session.row();
    var after = session.waits(LOOK).typesAt(500, "bo").typesAt(600, "ulm").row();
    assertThat(after).usingRecursiveComparison().ignoringFields("keystrokes").isEqualTo(before);
    assertThat(after.keystrokes()).isEqualTo(4);
    // It does not delay the promotion of the row either.
    assertThat(session.types("ulm").row().finished()).containsExactly("bonn");
  }

  @Test
  void aStragglerThatWasSubmittedIsFinished() {
    var row = session().typesAt(1_000, "b").submitsAt(900, "ulm").row();
    assertThat(row.finished()).containsExactly("ulm");
    assertThat(row.keyword()).isEqualTo("b");
    assertThat(row.submitted()).isFalse();
  }

  @Test
  void aTimeOlderThanTheWindowIsAClockThatWasSet() {
    var row = session().typesAt(60_000, "berlin").waits(LOOK).typesAt(0, "bonn").row();
    assertThat(row.finished()).containsExactly("berlin");
    assertThat(row.typedAt()).isEqualTo(TypedSession.START);
    assertThat(session().typesAt(60_000, "berlin").typesAt(29_999, "bonn").row().keyword())
        .isEqualTo("bonn");
    assertThat(session().typesAt(60_000, "berlin").typesAt(30_000, "bonn").row().keyword())
        .isEqualTo("berlin");
  }

  @Test
  void aFullRowStaysSmallAndRefusesMore() throws SQLException {
    var session = session();
    for (int i = 0; i <= StagingRepository.MAX_FINISHED; i++) {
      session.submitsAs("\uD83D\uDE00".repeat(255), "\uD83D\uDE00".repeat(250) + i);
    }
    assertThat(session.row().finished()).hasSize(StagingRepository.MAX_FINISHED);
    assertThat(number(session, "completed")).isEqualTo(StagingRepository.MAX_FINISHED);
    assertThat(number(session, "LENGTH(finished)")).isLessThan(80_000);
    Keystroke more = session.keystroke("one more");
    assertThatThrownBy(() -> staging.write(BatchNumber.first(0).next(), List.of(more)))
        .matches(e -> DatabaseError.isOutOfRange(e));
    assertThat(session.row().finished()).hasSize(StagingRepository.MAX_FINISHED);
  }

  @Test
  void eachSearchKeepsTheUserItWasTypedUnder() {
    var session = session().typesAs("ann", "shoes").typesAs("bob", "shoes red").types("shoes red");
    assertThat(session.finishedBy()).containsExactly("ann");
    assertThat(session.row().keyword()).isEqualTo("shoes red");
    assertThat(session.row().userId()).isEqualTo("bob");
    assertThat(session().submits("a").submitsAs("ann", "b").submits("c").finishedBy())
        .containsExactly(null, "ann");
    assertThat(session().typesAs("ann", "same").typesAs("bob", "same").finishedBy())
        .containsExactly("ann");
  }

  @Test
  void aSubmittedStragglerOfAnotherUserIsFinishedUnderThatUser() {
    var session = session().typesAsAt(1_000, "bob", "b").submitsAsAt(900, "ann", "b");
    assertThat(session.finishedBy()).containsExactly("ann");
    assertThat(session.row().userId()).isEqualTo("bob");
    assertThat(session().typesAsAt(1_000, "bob", "b").typesAsAt(900, "ann", "berlin").row())
        .satisfies(
            row -> {
              assertThat(row.keyword()).isEqualTo("b");
              assertThat(row.finished()).isEmpty();
            });
  }

  private long number(TypedSession session, String expression) throws SQLException {
    try (var connection = DelegatingDataSource.unwrapDataSource(database).getConnection();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT %s FROM search_staging WHERE session_id = '%s'"
                        .formatted(expression, session.key.sessionId()))) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void theClientsTimesTellThePauseWhereBothAreKnown() {
    assertThat(session().typesAt(0, "berlin").typesAt(1_000, "bonn").row().finished())
        .containsExactly("berlin");
    assertThat(session().typesAt(0, "berlin").waits(LOOK).typesAt(999, "bonn").row().finished())
        .isEmpty();
    assertThat(session().typesAt(0, "berlin").waits(LOOK).types("bonn").row().finished())
        .containsExactly("berlin");
    assertThat(session().types("berlin").waits(LOOK).typesAt(0, "bonn").row().finished())
        .containsExactly("berlin");
  }

  @Test
  void anyOtherTextAfterASubmittedOneFinishesIt() {
    var row = session().types("bus").submits("bus").types("business").row();
    assertThat(row.finished()).containsExactly("bus");
    assertThat(row.keyword()).isEqualTo("business");
    assertThat(row.submitted()).isFalse();
    assertThat(session().submits("bus").types("bu").row().finished()).containsExactly("bus");
    assertThat(session().submits("bus").types("bus").row())
        .extracting(TypedSession.Row::submitted, TypedSession.Row::finished)
        .containsExactly(true, List.of());
  }

  @Test
  void aBeginningThatIsSubmittedIsWhatWasMeant() {
    var row = session().types("business", "busines").submits("bus").row();
    assertThat(row)
        .extracting(
            TypedSession.Row::keyword, TypedSession.Row::submitted, TypedSession.Row::finished)
        .containsExactly("bus", true, List.of());
    assertThat(session().types("business").waits(LOOK).submits("bus").row().finished())
        .containsExactly("business");
  }

  @Test
  void letterCaseIsIgnored() {
    var row = session().types("Straße", "straße in", "STRASSE").row();
    assertThat(session().types("Berlin", "bERLIN").row().keyword()).isEqualTo("Berlin");
    assertThat(session().types("ber", "BERLIN").row().keyword()).isEqualTo("BERLIN");
    assertThat(row.keyword())
        .isEqualTo("STRASSE"); // sharp s folds to no pair of letters: a correction
    assertThat(session().types("ΟΔΥΣΣΕΥΣ", "οδυσσευς").row().keyword()).isEqualTo("ΟΔΥΣΣΕΥΣ");
    assertThat(session().types("ISTANBUL", "istanbul").row().keyword()).isEqualTo("ISTANBUL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "😀🎉👨‍👩‍👧",
        "e\u0301te\u0301",
        "100% _a_ \\n \\",
        "it's \"quoted\" `x` ; -- # /* */ ?",
        "שלום עולם",
        "مرحبا",
        "東京タワー",
        "नमस्ते",
        "a b c",
        "${x} :y ?1",
        "\u200bzero"
      })
  void anyScriptAndAnySignIsKeptAsTyped(String text) {
    var session = session().typesOut(text);
    assertThat(session.row().keyword()).isEqualTo(Text.normalize(text));
    assertThat(session.row().finished()).isEmpty();
    session.waits(LOOK).types("zz");
    assertThat(session.row().finished()).hasSize(1);
  }

  @Test
  void lengthsCountCharactersNotBytesOrSurrogates() {
    assertThat(session().types("😀😀😀").row().shownLength()).isEqualTo(3);
    // One character more, not two: a correction of the first letter.
    assertThat(session().types("😀", "🎉b").row().finished()).isEmpty();
  }

  @Test
  void theOrderWithinABatchIsKept() {
    var session = session();
    var other = session();
    staging.write(
        BatchNumber.first(0),
        Stream.of("b", "bu", "bus", "bu", "b", "c", "ca", "cat")
            .flatMap(text -> Stream.of(session.keystroke(text), other.keystroke("x" + text)))
            .toList());
    assertThat(session.row().keyword()).isEqualTo("cat");
    assertThat(session.row().keystrokes()).isEqualTo(8);
    assertThat(other.row().keyword()).isEqualTo("xcat");
  }

  @Test
  void aBatchOfAnySizeIsOneStatement() {
    var batch = IntStream.range(0, 300).mapToObj(i -> session().keystroke("text " + i)).toList();
    long statements =
        lanes.executeWrite(
            status -> {
              long before = inserts(status.getConnection());
              staging.write(BatchNumber.first(0), batch);
              staging.write(BatchNumber.first(0), batch.subList(0, 1));
              return inserts(status.getConnection()) - before;
            });
    assertThat(statements).isEqualTo(2);
  }

  private static long inserts(Connection connection) {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Com_insert'")) {
      row.next();
      return row.getLong(2);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theLatestKnownUserWins() {
    assertThat(session().types("b").typesAs("ann", "bu").row().userId()).isEqualTo("ann");
    assertThat(session().typesAs("ann", "b").types("bu").row().userId()).isEqualTo("ann");
    assertThat(session().typesAs("ann", "b").typesAs("bob", "bu").row().userId()).isEqualTo("bob");
  }

  @Test
  void sessionsDoNotMeet() {
    var one = new TypedSession(database, staging, "same-case");
    var other = new TypedSession(database, staging, "SAME-case");
    one.typesOut("berlin");
    other.typesOut("berlin");
    assertThat(one.row().keystrokes()).isEqualTo(6);
    assertThat(other.row().keystrokes()).isEqualTo(6);
  }
}
