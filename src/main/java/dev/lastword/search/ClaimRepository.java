package dev.lastword.search;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lastword.row.Text;
import dev.lastword.row.Update;
import io.micronaut.core.type.Argument;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds and claims the aged rows of table {@code search_staging}.
 *
 * <p>Keys are found by a plain read, which locks nothing, and claimed by primary key, where the age
 * is checked again. A locking scan would wait for, or skip, the rows of everyone who types.
 */
@Singleton
class ClaimRepository {
  /**
   * A row with this many finished searches is promoted while its typist continues, so that it does
   * not fill up.
   */
  static final int CROWDED = StagingRepository.MAX_FINISHED / 2;

  private static final Duration LATE = Duration.ofSeconds(3);

  /**
   * A row that may be promoted.
   *
   * @param finished number of its finished searches
   * @param crowded whether it may only because these are many
   * @param late whether it could have been promoted {@link #LATE} ago
   */
  record Candidate(SessionKey key, int finished, boolean crowded, boolean late) {}

  private final JdbcOperations jdbc;
  private final ObjectMapper json;
  private final String aged;
  private final String due;
  private final String late;

  ClaimRepository(JdbcOperations jdbc, ObjectMapper json, DebounceSettings settings) {
    this.jdbc = jdbc;
    this.json = json;
    this.aged = StagingBacklog.aged(settings.debounce());
    this.late = StagingBacklog.agedFor(LATE, settings.debounce());
    this.due = "(s.refused IS NULL AND (%s OR s.completed >= %d))".formatted(aged, CROWDED);
  }

  /** Returns some rows of these buckets that may be promoted, in the order of their keys. */
  List<Candidate> find(int firstBucket, int lastBucket, int limit) {
    return find(firstBucket, lastBucket, due, limit);
  }

  /** As {@link #find(int, int, int)}, but only rows that are not late. */
  List<Candidate> findLatest(int firstBucket, int lastBucket, int limit) {
    return find(firstBucket, lastBucket, due + " AND NOT " + late, limit);
  }

  @Connectable
  List<Candidate> find(int firstBucket, int lastBucket, String condition, int limit) {
    return jdbc.prepareStatement(
        """
        SELECT s.bucket, s.tenant_id, s.session_id, s.completed, NOT %s AS crowded, %s AS late FROM search_staging AS s
        WHERE s.bucket BETWEEN ? AND ? AND %s
        LIMIT %d
        """
            .formatted(aged, late, condition, limit),
        statement -> {
          statement.setInt(1, firstBucket);
          statement.setInt(2, lastBucket);
          List<Candidate> candidates = new ArrayList<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            candidates.add(
                new Candidate(
                    key(rows),
                    rows.getInt("completed"),
                    rows.getBoolean("crowded"),
                    rows.getBoolean("late")));
          }
          candidates.sort(Comparator.comparing(Candidate::key));
          return candidates;
        });
  }

  /** Locks and reads a row, whatever its age; empty if there is none. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Optional<StagedRow> lock(SessionKey key) {
    return claim(List.of(key), "TRUE", "").stream().findFirst();
  }

  /**
   * Locks and reads the rows that may still be promoted.
   *
   * @param wait whether to wait for rows that are locked, or to skip them
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<StagedRow> claim(List<SessionKey> keys, boolean wait) {
    return claim(keys, due, wait ? "" : "SKIP LOCKED");
  }

  private List<StagedRow> claim(List<SessionKey> keys, String condition, String locked) {
    return jdbc.prepareStatement(
        """
        SELECT s.bucket, s.tenant_id, s.session_id, s.user_id, s.keyword, s.first_length, s.submitted, s.finished,
          s.keystrokes, s.typed_at, s.waited, s.last_seen, %1$s AS aged, UTC_TIMESTAMP(3) AS now
        FROM search_staging AS s FORCE INDEX (PRIMARY)
        WHERE (%2$s) AND %3$s
        FOR UPDATE %4$s
        """
            .formatted(aged, SessionKey.condition(keys), condition, locked),
        statement -> {
          bind(statement, keys);
          List<StagedRow> rows = new ArrayList<>();
          ResultSet result = statement.executeQuery();
          while (result.next()) {
            rows.add(read(result));
          }
          return rows;
        });
  }

  /**
   * Deletes claimed rows, each by its key. A delete with one condition for all rows would be
   * planned as a scan while the table is small, whatever index hint it has, and would wait for the
   * rows of sessions that are typing.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void delete(List<SessionKey> keys) {
    jdbc.<int[]>prepareStatement(
        "DELETE FROM search_staging WHERE bucket = ? AND tenant_id = ? AND session_id = ?",
        statement -> {
          for (SessionKey key : keys) {
            statement.setInt(1, key.bucket());
            statement.setInt(2, key.tenantId());
            statement.setString(3, key.sessionId());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  /** Removes the finished searches from a claimed row whose typist continues. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clearFinished(StagedRow row) {
    jdbc.prepareStatement(
        """
        UPDATE search_staging SET finished = NULL, completed = 0, keystrokes = keystrokes - ?
        WHERE bucket = ? AND tenant_id = ? AND session_id = ?
        """,
        statement -> {
          statement.setInt(1, row.finishedKeystrokes());
          statement.setInt(2, row.key().bucket());
          statement.setInt(3, row.key().tenantId());
          statement.setString(4, row.key().sessionId());
          return statement.executeUpdate();
        });
  }

  /**
   * Leaves only these of the texts of a locked row.
   *
   * @param texts at least one; the last one becomes the keyword
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void replaceTexts(SessionKey key, List<StagedRow.Finished> texts) {
    StagedRow.Finished last = texts.get(texts.size() - 1);
    List<StagedRow.Finished> finished = texts.subList(0, texts.size() - 1);
    Update.run(
        jdbc,
        """
        UPDATE search_staging
        SET finished = ?, completed = ?, user_id = ?, keyword = ?, folded = ?, shown_length = ?, rested = ?,
          submitted = ?, keystrokes = ?, typed_at = ?, waited = 0, last_seen = ?
        WHERE bucket = ? AND tenant_id = ? AND session_id = ?
        """,
        finished.isEmpty() ? null : column(finished),
        finished.size(),
        last.userId(),
        last.keyword(),
        Text.fold(last.keyword()),
        Text.length(Text.fold(last.keyword())),
        last.rested(),
        last.submitted(),
        last.keystrokes(),
        last.typedAt(),
        last.lastSeen(),
        key.bucket(),
        key.tenantId(),
        key.sessionId());
  }

  /** Marks a row that cannot be logged, so that promotion ignores it. */
  @Transactional
  void refuse(SessionKey key, String reason) {
    jdbc.prepareStatement(
        "UPDATE search_staging SET refused = ? WHERE bucket = ? AND tenant_id = ? AND session_id = ?",
        statement -> {
          statement.setString(1, reason);
          statement.setInt(2, key.bucket());
          statement.setInt(3, key.tenantId());
          statement.setString(4, key.sessionId());
          return statement.executeUpdate();
        });
  }

  private static void bind(PreparedStatement statement, List<SessionKey> keys) throws SQLException {
    int parameter = 1;
    for (SessionKey key : keys) {
      statement.setString(parameter++, key.sessionId());
    }
  }

  private StagedRow read(ResultSet row) throws SQLException {
    return new StagedRow(
        key(row),
        row.getString("user_id"),
        row.getString("keyword"),
        row.getInt("first_length"),
        row.getBoolean("submitted"),
        finished(row.getString("finished")),
        row.getInt("keystrokes"),
        row.getObject("typed_at", LocalDateTime.class),
        row.getInt("waited"),
        row.getObject("last_seen", LocalDateTime.class),
        row.getBoolean("aged"),
        row.getObject("now", LocalDateTime.class));
  }

  private static SessionKey key(ResultSet row) throws SQLException {
    return new SessionKey(
        row.getInt("bucket"), row.getInt("tenant_id"), row.getString("session_id"));
  }

  /**
   * An element of column {@code finished} as the databases write it: flags as 0 and 1, times with a
   * blank (or as ISO-8601).
   */
  @Serdeable
  record Entry(
      @JsonProperty("user_id") @Nullable String userId,
      String keyword,
      int submitted,
      int rested,
      int keystrokes,
      @JsonProperty("typed_at") @Nullable String typedAt,
      @JsonProperty("last_seen") String lastSeen) {

    static Entry of(StagedRow.Finished text) {
      return new Entry(
          text.userId(),
          text.keyword(),
          text.submitted() ? 1 : 0,
          text.rested(),
          text.keystrokes(),
          text.typedAt() == null ? null : text.typedAt().toString(),
          text.lastSeen().toString());
    }

    StagedRow.Finished finished() {
      return new StagedRow.Finished(
          userId,
          keyword,
          submitted != 0,
          rested,
          keystrokes,
          typedAt == null ? null : time(typedAt),
          time(lastSeen));
    }

    private static LocalDateTime time(String text) {
      return LocalDateTime.parse(text.replace(' ', 'T'));
    }
  }

  private String column(List<StagedRow.Finished> texts) {
    try {
      return json.writeValueAsString(texts.stream().map(Entry::of).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<StagedRow.Finished> finished(@Nullable String column) throws SQLException {
    if (column == null) {
      return List.of();
    }
    try {
      return json.readValue(column, Argument.listOf(Entry.class)).stream()
          .map(Entry::finished)
          .toList();
    } catch (IOException e) {
      throw new SQLDataException(
          "Column finished does not have the structure that the fold writes", "22032", e);
    }
  }
}
