package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.access.Tenant;
import dev.lastword.commit.BatchNumber;
import dev.lastword.row.Text;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Sends thousands of random histories through the SQL and through {@link FoldModel}, and compares
 * the rows.
 *
 * <p>Pauses are far from the limits of the settings, so that the duration of the test does not
 * matter: none, a rest, a long rest, longer than the window, or longer than the look-back.
 */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
@Property(name = "lastword.rest", value = "1m")
@Property(name = "lastword.debounce", value = "10m")
@Property(name = "lastword.amend", value = "850s")
class FoldAgainstModelTest {
  private static final int SESSIONS = 1_200;
  private static final int STEPS = 24;
  private static final Duration AMEND = Duration.ofSeconds(850);
  // No sum of pauses comes near the window of 10 minutes, those of amendments, or the look-back of
  // 30.
  private static final int[] PAUSE_SECONDS = {0, 0, 0, 0, 0, 0, 132, 264, 792, 2640};
  private static final Pattern LAST_SEEN = Pattern.compile("(\"last_seen\": *\")(\\d{4}-[^\"]+)");
  private static final String[] LETTERS = {
    "a", "b", "A", "B", "é", "É", "😀", "z ", " ", "i", "İ", "ß", "\u0301"
  };

  @Inject DataSource database;
  @Inject StagingRepository staging;
  @Inject Promoter promoter;

  @Test
  void theDatabaseDoesWhatTheModelSays() throws SQLException {
    Random random = new Random(20_260_301);
    List<Typist> typists = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      typists.add(new Typist("random-" + i, new Random(random.nextLong())));
    }
    BatchNumber batch = BatchNumber.first(0);
    try (Connection connection = DelegatingDataSource.unwrapDataSource(database).getConnection()) {
      for (int step = 0; step < STEPS; step++) {
        batch = batch.next();
        staging.write(batch, typists.stream().map(Typist::type).toList());
        assertStagedAsInTheModel(connection, typists);
        pause(connection, typists);
        if (step % 3 == 2) {
          while (promoter.promote(new StagingScan())) {}
          typists.forEach(Typist::promote);
          assertLoggedAsInTheModel(connection, typists);
        }
      }
    }
  }

  /** A session: its next keystroke, and the result of the model. */
  private static final class Typist {
    final SessionKey key;
    final FoldModel model = new FoldModel(Duration.ofMinutes(1), Duration.ofMinutes(10), AMEND);
    final List<String> history = new ArrayList<>();
    final RandomGenerator random;
    private final boolean sendsTimes;
    // The clock of the client is right.
    private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private String text = "";

    Typist(String session, RandomGenerator random) {
      this.key = SessionKey.of(Tenant.DEFAULT_ID, session);
      this.random = random;
      this.sendsTimes = random.nextInt(3) > 0;
    }

    Keystroke type() {
      String next = Text.normalize(edit());
      text = next.isEmpty() ? "q" : next;
      String user = random.nextInt(6) == 0 ? "user " + random.nextInt(3) : null;
      boolean submitted = random.nextInt(12) == 0;
      Instant typedAt = typedAt();
      history.add(
          "%s user=%s enter=%s typed_at=%s now=%s".formatted(text, user, submitted, typedAt, now));
      model.type(new FoldModel.Typed(text, user, typedAt, submitted), now);
      return new Keystroke(
          key,
          user,
          text,
          submitted,
          typedAt == null ? null : LocalDateTime.ofInstant(typedAt, ZoneOffset.UTC));
    }

    private String edit() {
      String letter = LETTERS[random.nextInt(LETTERS.length)];
      return switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> text + letter;
        case 5, 6, 7 ->
            text.substring(
                0, text.offsetByCodePoints(0, text.codePointCount(0, text.length()) * 2 / 3));
        case 8 -> letter + text;
        case 9 -> text.toUpperCase(java.util.Locale.ROOT);
        case 10 -> letter + LETTERS[random.nextInt(LETTERS.length)] + letter + letter;
        default -> text;
      };
    }

    private @Nullable Instant typedAt() {
      if (!sendsTimes || random.nextInt(10) == 0) {
        return null;
      }
      return switch (random.nextInt(8)) {
        case 0 -> now.minusSeconds(random.nextInt(1, 60)); // overtaken, or the clock was set back
        case 1 -> now.minusMillis(30_000);
        default -> now;
      };
    }

    int pause() {
      int seconds = PAUSE_SECONDS[random.nextInt(PAUSE_SECONDS.length)];
      now = now.plusSeconds(seconds).plusMillis(random.nextInt(50));
      return seconds;
    }

    void promote() {
      model.promote(now);
    }
  }

  private static void pause(Connection connection, List<Typist> typists) throws SQLException {
    Map<Integer, List<Typist>> bySeconds = new HashMap<>();
    typists.forEach(
        typist -> bySeconds.computeIfAbsent(typist.pause(), key -> new ArrayList<>()).add(typist));
    for (var same : bySeconds.entrySet()) {
      for (String change :
          List.of(
              "search_staging SET last_seen = last_seen",
              "search_log SET amended_at = amended_at",
              "search_log SET searched_at = searched_at")) {
        String sql =
            "UPDATE %s - INTERVAL %s SECOND WHERE tenant_id = 1 AND session_id IN (?%s)"
                .formatted(change, same.getKey(), ",?".repeat(same.getValue().size() - 1));
        try (PreparedStatement update = connection.prepareStatement(sql)) {
          int parameter = 1;
          for (Typist typist : same.getValue()) {
            update.setString(parameter++, typist.key.sessionId());
          }
          update.executeUpdate();
        }
      }
      pauseFinished(connection, same.getKey(), same.getValue());
    }
  }

  /** Moves the times within the staged rows. */
  private static void pauseFinished(Connection connection, int seconds, List<Typist> typists)
      throws SQLException {
    String rows =
        "tenant_id = 1 AND finished IS NOT NULL AND session_id IN (?%s)"
            .formatted(",?".repeat(typists.size() - 1));
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT bucket, session_id, finished FROM search_staging WHERE " + rows);
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE search_staging SET finished = ? WHERE bucket = ? AND tenant_id = 1 AND session_id = ?")) {
      for (int i = 0; i < typists.size(); i++) {
        select.setString(i + 1, typists.get(i).key.sessionId());
      }
      ResultSet found = select.executeQuery();
      while (found.next()) {
        update.setString(
            1,
            LAST_SEEN
                .matcher(found.getString("finished"))
                .replaceAll(
                    match ->
                        match.group(1)
                            + LocalDateTime.parse(match.group(2).replace(' ', 'T'))
                                .minusSeconds(seconds)));
        update.setInt(2, found.getInt("bucket"));
        update.setString(3, found.getString("session_id"));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private static void assertStagedAsInTheModel(Connection connection, List<Typist> typists)
      throws SQLException {
    Map<String, String> staged = new HashMap<>();
    try (var statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM search_staging WHERE bucket < 64")) {
      while (row.next()) {
        String finished = row.getString("finished");
        staged.put(
            row.getString("session_id"),
            "%s shown=%s first=%s rested=%s submitted=%s finished=%s keystrokes=%s user=%s typed_at=%s"
                .formatted(
                    row.getString("keyword"),
                    row.getInt("shown_length"),
                    row.getInt("first_length"),
                    row.getInt("rested") > 0,
                    row.getBoolean("submitted"),
                    finished == null ? 0 : finished.split("\"keyword\"", -1).length - 1,
                    row.getInt("keystrokes"),
                    row.getString("user_id"),
                    row.getObject("typed_at", LocalDateTime.class)));
        assertThat(row.getString("folded")).isEqualTo(Text.fold(row.getString("keyword")));
      }
    }
    for (Typist typist : typists) {
      FoldModel.Row row = Objects.requireNonNull(typist.model.row);
      assertThat(staged.get(typist.key.sessionId()))
          .as(() -> String.join("\n", typist.history))
          .isEqualTo(
              "%s shown=%s first=%s rested=%s submitted=%s finished=%s keystrokes=%s user=%s typed_at=%s"
                  .formatted(
                      row.keyword,
                      row.shownLength,
                      row.firstLength,
                      row.rested > 0,
                      row.submitted,
                      row.finished.size(),
                      row.keystrokes,
                      row.userId,
                      row.typedAt == null
                          ? null
                          : LocalDateTime.ofInstant(row.typedAt, ZoneOffset.UTC)));
    }
  }

  private static void assertLoggedAsInTheModel(Connection connection, List<Typist> typists)
      throws SQLException {
    Map<String, List<String>> logged = new HashMap<>();
    try (var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT session_id, keyword, submitted, keystrokes, user_id, revision FROM search_log ORDER BY id")) {
      while (row.next()) {
        logged
            .computeIfAbsent(row.getString("session_id"), key -> new ArrayList<>())
            .add(
                "%s submitted=%s keystrokes=%s user=%s revision=%s"
                    .formatted(
                        row.getString("keyword"),
                        row.getBoolean("submitted"),
                        row.getInt("keystrokes"),
                        row.getString("user_id"),
                        row.getInt("revision")));
      }
    }
    for (Typist typist : typists) {
      assertThat(logged.getOrDefault(typist.key.sessionId(), List.of()))
          .as(() -> String.join("\n", typist.history))
          .isEqualTo(
              typist.model.log.stream()
                  .map(
                      search ->
                          "%s submitted=%s keystrokes=%s user=%s revision=%s"
                              .formatted(
                                  search.keyword(),
                                  search.submitted(),
                                  search.keystrokes(),
                                  search.userId(),
                                  search.revision()))
                  .toList());
    }
  }
}
