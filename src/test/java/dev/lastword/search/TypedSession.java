package dev.lastword.search;

import dev.lastword.access.Tenant;
import dev.lastword.commit.BatchNumber;
import dev.lastword.database.DatabaseError;
import dev.lastword.row.Text;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A session that types into the staging table. Time passes by moving the row into the past, or by
 * client times if given.
 */
final class TypedSession {
  static final LocalDateTime START = LocalDateTime.of(2026, 3, 1, 12, 0);

  /** A staged row. */
  record Row(
      String keyword,
      int shownLength,
      int firstLength,
      boolean rested,
      boolean submitted,
      List<String> finished,
      int keystrokes,
      @Nullable String userId,
      @Nullable LocalDateTime typedAt) {}

  private final DataSource database;
  private final StagingRepository staging;
  private BatchNumber batch = BatchNumber.first(0);
  final SessionKey key;

  TypedSession(DataSource database, StagingRepository staging) {
    this(database, staging, UUID.randomUUID().toString());
  }

  TypedSession(DataSource database, StagingRepository staging, String sessionId) {
    this.database = DelegatingDataSource.unwrapDataSource(database);
    this.staging = staging;
    this.key = SessionKey.of(Tenant.DEFAULT_ID, sessionId);
  }

  /** Types texts one after the other, without client times and without a pause. */
  TypedSession types(String... texts) {
    for (String text : texts) {
      write(keystroke(text));
    }
    return this;
  }

  /** Types each prefix of a text. */
  TypedSession typesOut(String text) {
    for (int end = text.offsetByCodePoints(0, 1);
        end < text.length();
        end = text.offsetByCodePoints(end, 1)) {
      types(text.substring(0, end));
    }
    return types(text);
  }

  /** Types a text that has waited that many milliseconds for its commit. */
  TypedSession typesLate(int waited, String text) {
    long arrived = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(waited);
    String keyword = Text.normalize(text);
    write(new Keystroke(key, null, keyword, Text.fold(keyword), false, null, arrived));
    return this;
  }

  /** Types a text at a time, in milliseconds, by the clock of the client. */
  TypedSession typesAt(long millis, String text) {
    write(
        new Keystroke(key, null, Text.normalize(text), false, START.plusNanos(millis * 1_000_000)));
    return this;
  }

  TypedSession submits(String text) {
    write(new Keystroke(key, null, Text.normalize(text), true, null));
    return this;
  }

  TypedSession submitsAt(long millis, String text) {
    write(
        new Keystroke(key, null, Text.normalize(text), true, START.plusNanos(millis * 1_000_000)));
    return this;
  }

  TypedSession typesAs(@Nullable String userId, String text) {
    write(new Keystroke(key, userId, Text.normalize(text), false, null));
    return this;
  }

  TypedSession submitsAs(@Nullable String userId, String text) {
    write(new Keystroke(key, userId, Text.normalize(text), true, null));
    return this;
  }

  TypedSession typesAsAt(long millis, @Nullable String userId, String text) {
    write(
        new Keystroke(
            key, userId, Text.normalize(text), false, START.plusNanos(millis * 1_000_000)));
    return this;
  }

  TypedSession submitsAsAt(long millis, @Nullable String userId, String text) {
    write(
        new Keystroke(
            key, userId, Text.normalize(text), true, START.plusNanos(millis * 1_000_000)));
    return this;
  }

  /** Writes like a lane, with retries after deadlocks, and when the row is full. */
  private void write(Keystroke keystroke) {
    for (int attempt = 0; ; attempt++) {
      try {
        batch = batch.next();
        staging.write(batch, List.of(keystroke));
        return;
      } catch (RuntimeException e) {
        boolean retryable =
            DatabaseError.of(e) == DatabaseError.CONFLICT
                || staging.makeRoom(List.of(keystroke), e);
        if (!retryable || attempt == 20) {
          throw e;
        }
      }
    }
  }

  Keystroke keystroke(String text) {
    return new Keystroke(key, null, Text.normalize(text), false, null);
  }

  /** Lets time pass by the clock of the database. */
  TypedSession waits(long millis) {
    update(
        "UPDATE search_staging SET last_seen = last_seen - INTERVAL "
            + millis * 1_000
            + " MICROSECOND");
    return this;
  }

  /** Lets time pass, also since this session's last logged search. */
  TypedSession waitsLong(long millis) {
    update(
        "UPDATE search_log SET searched_at = searched_at - INTERVAL "
            + millis * 1_000
            + " MICROSECOND, amended_at = amended_at - INTERVAL "
            + millis * 1_000
            + " MICROSECOND");
    return waits(millis);
  }

  /** Marks the row as one that cannot be promoted. */
  void refuse() {
    update("UPDATE search_staging SET refused = 'test'");
  }

  private void update(String sql) {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql + " WHERE bucket = ? AND session_id = ?")) {
      statement.setInt(1, key.bucket());
      statement.setString(2, key.sessionId());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Row row() {
    try (Connection connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                "SELECT * FROM search_staging WHERE bucket = ? AND session_id = ?")) {
      statement.setInt(1, key.bucket());
      statement.setString(2, key.sessionId());
      var row = statement.executeQuery();
      if (!row.next()) {
        throw new AssertionError("No row is staged for " + key);
      }
      return new Row(
          row.getString("keyword"),
          row.getInt("shown_length"),
          row.getInt("first_length"),
          row.getBoolean("rested"),
          row.getBoolean("submitted"),
          keywords(row.getString("finished")),
          row.getInt("keystrokes"),
          row.getString("user_id"),
          row.getObject("typed_at", LocalDateTime.class));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the users of the finished searches of the row. */
  List<@Nullable String> finishedBy() {
    String finished =
        column("SELECT finished FROM search_staging WHERE bucket = ? AND session_id = ?").get(0);
    List<@Nullable String> users = new ArrayList<>();
    var matcher =
        java.util.regex.Pattern.compile("\"user_id\": *(?:null|\"([^\"]*)\")").matcher(finished);
    while (matcher.find()) {
      users.add(matcher.group(1));
    }
    return users;
  }

  boolean isStaged() {
    return !column("SELECT session_id FROM search_staging WHERE bucket = ? AND session_id = ?")
        .isEmpty();
  }

  /** Returns the logged searches of this session, oldest first. */
  List<String> logged() {
    return column("SELECT keyword FROM search_log WHERE bucket = ? AND session_id = ? ORDER BY id");
  }

  /** Returns the logged searches of this session in the order of their times. */
  List<String> loggedByTime() {
    return column(
        "SELECT keyword FROM search_log WHERE bucket = ? AND session_id = ? ORDER BY searched_at, id");
  }

  private List<String> column(String sql) {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, key.bucket());
      statement.setString(2, key.sessionId());
      var rows = statement.executeQuery();
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> keywords(@Nullable String finished) {
    List<String> keywords = new ArrayList<>();
    if (finished != null) {
      var matcher =
          java.util.regex.Pattern.compile("\"keyword\": *\"((?:[^\"\\\\]|\\\\.)*)\"")
              .matcher(finished);
      while (matcher.find()) {
        keywords.add(matcher.group(1));
      }
    }
    return keywords;
  }
}
