package dev.lastword.search;

import static dev.lastword.TestDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.HttpCalls;
import dev.lastword.database.DatabaseError;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What continues the last logged search of its session completes that search. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class AmendmentTest {
  private static final long WINDOW = 6_500;

  @Inject DataSource database;
  @Inject StagingRepository staging;
  @Inject Promoter promoter;
  @Inject SearchRepository searches;
  @Inject SearchWriter writer;
  @Inject TransactionOperations<Connection> transactions;
  @Inject HttpCalls http;

  @Value("${lastword.db.url}")
  String url;

  private TypedSession session() {
    return new TypedSession(database, staging);
  }

  /** Lets the window pass, promotes, and lets more time pass. */
  private TypedSession settle(TypedSession session, long millis) {
    session.waitsLong(WINDOW);
    promoter.promote(new StagingScan());
    assertThat(session.isStaged()).isFalse();
    return session.waitsLong(millis);
  }

  private TypedSession settle(TypedSession session) {
    return settle(session, WINDOW);
  }

  /** Returns the rows of a session, such as {@code shoes⏎ 6/1}: keystrokes and revision. */
  private List<String> log(TypedSession session) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        var statement =
            connection.prepareStatement(
                "SELECT keyword, submitted, keystrokes, revision, user_id FROM search_log WHERE session_id = ? ORDER BY id")) {
      statement.setString(1, session.key.sessionId());
      var row = statement.executeQuery();
      while (row.next()) {
        String user = row.getString("user_id");
        rows.add(
            "%s%s %d/%d%s"
                .formatted(
                    row.getString("keyword"),
                    row.getBoolean("submitted") ? "⏎" : "",
                    row.getInt("keystrokes"),
                    row.getInt("revision"),
                    user == null ? "" : " " + user));
      }
    }
    return rows;
  }

  @Test
  void enterAfterReadingTheResultsIsOfTheSameSearch() throws SQLException {
    var session = settle(session().typesOut("shoes")).submits("shoes");
    assertThat(log(settle(session))).containsExactly("shoes⏎ 6/1");
    // Enter once more, and a blank of the keyboard.
    session.submits("shoes");
    assertThat(log(settle(session))).containsExactly("shoes⏎ 7/2");
    session.types("shoes ");
    assertThat(log(settle(session))).containsExactly("shoes⏎ 8/3");
    // But what goes on after Enter is another search.
    session.types("shoes r", "shoes red");
    assertThat(log(settle(session))).containsExactly("shoes⏎ 8/3", "shoes red 2/0");
  }

  @Test
  void aSearchIsContinuedAfterAPause() throws SQLException {
    var session = settle(session().typesOut("Busin")).types("Busine", "Busines", "Business");
    assertThat(log(settle(session))).containsExactly("Business 8/1");
    // The last letter deleted and typed again.
    session.types("Busines", "Business");
    assertThat(log(settle(session))).containsExactly("Business 10/2");
  }

  @Test
  void anotherSearchIsAnotherRow() throws SQLException {
    var session = settle(session().types("hotel")).types("hostel");
    assertThat(log(settle(session))).containsExactly("hotel 1/0", "hostel 1/0");
    session.types("hotel");
    assertThat(log(settle(session))).containsExactly("hotel 1/0", "hostel 1/0", "hotel 1/0");
    // Also if the other one is in between within one row.
    var back = settle(session().types("shoes")).types("hat").waits(3_000).types("shoes");
    assertThat(log(settle(back))).containsExactly("shoes 1/0", "hat 1/0", "shoes 1/0");
  }

  @Test
  void afterTwoMinutesItIsAnotherSearch() throws SQLException {
    // By the clock of the client, whenever it arrives.
    var session = settle(session().typesAt(0, "busin"), 3_600_000).typesAt(119_999, "busines");
    assertThat(log(settle(session))).containsExactly("busines 2/1");
    session.typesAt(239_999, "business");
    assertThat(log(settle(session))).containsExactly("busines 2/1", "business 1/0");
    // By arrival, if the client has sent no times.
    var timeless = settle(session().types("busin"), 100_000).types("business");
    assertThat(log(settle(timeless))).containsExactly("business 2/1");
    timeless = settle(session().types("busin"), 121_000).types("business");
    assertThat(log(settle(timeless))).containsExactly("busin 1/0", "business 1/0");
  }

  @Test
  void whatArrivesAfterAnOutageIsWhereItBelongs() throws SQLException {
    var session = settle(session().typesAt(0, "b"), 60_000);
    session.typesAt(200, "be").typesAt(400, "berlin").submitsAt(1_500, "berlin hotel");
    assertThat(log(settle(session))).containsExactly("berlin hotel⏎ 4/1");
  }

  @Test
  void aTextThatWasOvertakenCompletesItsOwnSearch() throws SQLException {
    var session = settle(session().typesAt(0, "shoe"));
    settle(session.typesAt(9_000, "hat"));
    session.typesAt(300, "shoes");
    assertThat(log(settle(session))).containsExactly("shoes 2/1", "hat 1/0");
    // The longest text is kept, also if its last letter had been deleted when it arrived.
    var deleted = settle(session().typesAt(400, "shoe")).typesAt(300, "shoes");
    assertThat(log(settle(deleted))).hasSize(1).first().asString().startsWith("shoes ");
  }

  @Test
  void aVisitorWhoLogsInContinuesAndAnotherUserDoesNot() throws SQLException {
    var session = settle(session().types("busin")).typesAs("ann", "business");
    assertThat(log(settle(session))).containsExactly("business 2/1 ann");
    session.typesAs("bob", "business plan");
    assertThat(log(settle(session))).containsExactly("business 2/1 ann", "business plan 1/0 bob");
  }

  @Test
  void aCorrectionCompletesOnlyWhatWasHardlySeen() throws SQLException {
    // The network was away, and the times show that there was no pause.
    var session = settle(session().typesAt(0, "vacvi"), 60_000).typesAt(1_999, "vaccines");
    assertThat(log(settle(session))).containsExactly("vaccines 2/1");
    var seen = settle(session().typesAt(0, "vacvi")).typesAt(2_000, "vaccines");
    assertThat(log(settle(seen))).containsExactly("vacvi 1/0", "vaccines 1/0");
    var composed = settle(session().typesAt(0, "xue")).typesAt(1_999, "学");
    assertThat(log(settle(composed))).containsExactly("学 2/1");
  }

  @Test
  void aSearchIsAmendedForHalfAnHourAtMost() throws SQLException {
    var session = settle(session().types("a"), 0);
    StringBuilder text = new StringBuilder("a");
    for (int minutes = 1; minutes < 30; minutes++) {
      settle(session.types(text.append("a").toString()), 60_000 - WINDOW);
    }
    assertThat(log(session)).containsExactly("a".repeat(30) + " 30/29");
    settle(session.waitsLong(61_000).types(text.append("a").toString()));
    assertThat(log(session)).hasSize(2);
  }

  @Test
  void keepsIdAndTime() throws SQLException {
    var session = settle(session().types("busin"));
    String place =
        "SELECT CONCAT(id, searched_at) FROM search_log WHERE keyword = '%s' AND session_id = '%s'";
    String before = text(place.formatted("busin", session.key.sessionId()));
    settle(session.types("business"));
    String after = text(place.formatted("business", session.key.sessionId()));
    // waitsLong() moves the time of the row.
    assertThat(after.substring(0, 19)).isEqualTo(before.substring(0, 19));
    var page =
        http.json(http.get("/searches?session_id=" + session.key.sessionId())).get("items").get(0);
    assertThat(page.get("revision").getIntValue()).isEqualTo(1);
    assertThat(page.get("amended_at").getStringValue())
        .isGreaterThan(page.get("searched_at").getStringValue());
  }

  @Test
  void oneThatWasAmendedOrErasedMeanwhileIsReadAgain() throws SQLException {
    var session = settle(session().types("busin"));
    Search logged =
        transactions.executeRead(
            status -> searches.newestSince(TypedSession.START.minusYears(9), session.key).get(0));
    Search one = logged.amendedBy(logged);
    transactions.executeWrite(
        status -> {
          writer.amend(List.of(one), searches.now());
          return null;
        });
    assertIsRetried(one);
    execute(url, "DELETE FROM search_log WHERE id = " + logged.id());
    assertIsRetried(one.amendedBy(logged));
  }

  private void assertIsRetried(Search amended) {
    assertThatThrownBy(
            () ->
                transactions.executeWrite(
                    status -> {
                      writer.amend(List.of(amended), searches.now());
                      return null;
                    }))
        .satisfies(error -> assertThat(DatabaseError.of(error)).isEqualTo(DatabaseError.CONFLICT));
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
