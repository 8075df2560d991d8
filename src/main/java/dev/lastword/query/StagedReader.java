package dev.lastword.query;

import dev.lastword.http.ByteLimit;
import dev.lastword.redaction.KeywordMask;
import dev.lastword.row.Timestamps;
import io.micronaut.core.type.Argument;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.json.JsonMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code search_staging}, whose texts are masked as promotion will mask them. */
@Singleton
class StagedReader {

  /** The part of an element of {@code finished} that is shown. */
  @Serdeable.Deserializable
  record Finished(String keyword) {}

  private final JdbcOperations jdbc;
  private final JsonMapper json;
  private final KeywordMask mask;

  StagedReader(@Named("reads") JdbcOperations jdbc, JsonMapper json, KeywordMask mask) {
    this.jdbc = jdbc;
    this.json = json;
    this.mask = mask;
  }

  /**
   * Returns the sessions that typed last. Scans the table, which holds only those typing now.
   *
   * @param bytes maximum size of the finished searches; the first session may be larger
   */
  @Connectable("reads")
  List<StagedSession> newest(int tenantId, int limit, int bytes) {
    var limitOfBytes = new ByteLimit(bytes);
    List<Long> sizes =
        read("COALESCE(LENGTH(finished), 0) AS size", tenantId, limit, row -> row.getLong("size"));
    int count = (int) sizes.stream().takeWhile(limitOfBytes::admits).count();
    return read(
        """
        session_id, user_id, keyword, keystrokes, rested, submitted, finished, typed_at, last_seen,
        TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms""",
        tenantId,
        count,
        this::session);
  }

  private interface Row<R> {
    R read(ResultSet row) throws SQLException;
  }

  private <R> List<R> read(String columns, int tenantId, int limit, Row<R> reading) {
    return jdbc.prepareStatement(
        """
        SELECT %s
        FROM search_staging
        WHERE tenant_id = ?
        ORDER BY last_seen DESC, bucket, session_id
        LIMIT ?
        """
            .formatted(columns),
        statement -> {
          statement.setInt(1, tenantId);
          statement.setInt(2, limit);
          List<R> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(reading.read(rows));
            }
          }
          return found;
        });
  }

  private StagedSession session(ResultSet row) throws SQLException {
    return new StagedSession(
        row.getString("session_id"),
        row.getString("user_id"),
        mask.mask(row.getString("keyword")),
        row.getInt("keystrokes"),
        row.getBoolean("rested"),
        row.getBoolean("submitted"),
        texts(row.getString("finished")),
        Timestamps.readNullable(row, "typed_at"),
        Timestamps.read(row, "last_seen"),
        row.getLong("age_ms"));
  }

  private List<String> texts(@Nullable String array) {
    if (array == null) {
      return List.of();
    }
    try {
      return json.readValue(array, Argument.listOf(Finished.class)).stream()
          .map(text -> mask.mask(text.keyword()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
