package dev.lastword.event;

import dev.lastword.access.KeyRestrictions;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.Problem.Rejection;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists and replays dead letters. */
@Singleton
public class DeadLetters {
  private static final int PAGE = 500;

  /** A valid event that the database refused, and why. */
  public record Rejected(
      long id, LocalDateTime rejectedAt, String topic, String eventId, String reason) {}

  /**
   * The outcome of a replay.
   *
   * @param stored number of events that are now in the log, by this or an earlier delivery
   * @param refused number of events that are still refused, and kept
   */
  public record Replayed(int stored, int refused) {}

  private record Letter(int bucket, int tenantId, long id, String event) {}

  private final JdbcOperations jdbc;
  private final EventReader reader;
  private final EventIngester ingester;

  DeadLetters(JdbcOperations jdbc, EventReader reader, EventIngester ingester) {
    this.jdbc = jdbc;
    this.reader = reader;
    this.ingester = ingester;
  }

  /** Returns the newest dead letters, newest first. */
  @Connectable
  public List<Rejected> newest(int limit) {
    return jdbc.prepareStatement(
        """
        SELECT id, rejected_at, topic, event_id, reason FROM rejected_event
        ORDER BY rejected_at DESC, id DESC
        LIMIT ?
        """,
        statement -> {
          statement.setInt(1, limit);
          List<Rejected> found = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              found.add(
                  new Rejected(
                      rows.getLong("id"),
                      rows.getObject("rejected_at", LocalDateTime.class),
                      rows.getString("topic"),
                      rows.getString("event_id"),
                      rows.getString("reason")));
            }
          }
          return found;
        });
  }

  /**
   * Ingests all dead letters again. Those that are stored are deleted; those that are refused again
   * are kept.
   *
   * @throws IllegalStateException if the database is unavailable; the rest is kept
   */
  public Replayed replay() {
    long last = lastId();
    int stored = 0;
    int refused = 0;
    for (List<Letter> page = page(null, last); !page.isEmpty(); ) {
      Letter end = page.get(page.size() - 1);
      int kept = replay(page);
      stored += page.size() - kept;
      refused += kept;
      page = page(end, last);
    }
    return new Replayed(stored, refused);
  }

  /** Returns the number of events that are still refused. */
  private int replay(List<Letter> letters) {
    StringBuilder lines = new StringBuilder();
    letters.forEach(letter -> lines.append(letter.event).append('\n'));
    try {
      EventBatch batch =
          reader
              .read(
                  IngestEndpoint.EVENTS,
                  letters.get(0).tenantId,
                  KeyRestrictions.NONE,
                  lines.toString().getBytes(StandardCharsets.UTF_8),
                  true,
                  null)
              .batch();
      Set<Integer> invalid = new HashSet<>();
      batch.rejected().forEach(rejection -> invalid.add(rejection.index()));
      IngestResult result = ingester.ingest(batch, "replay").join();
      if (!result.unconfirmed().isEmpty()) {
        throw new IllegalStateException("Database unavailable. Run the command again.");
      }
      // An event that is refused again has a new row by now. One that is no longer valid stays.
      List<Letter> done = new ArrayList<>();
      for (int i = 0; i < letters.size(); i++) {
        if (!invalid.contains(i)) {
          done.add(letters.get(i));
        }
      }
      delete(done);
      return (int) result.rejected().stream().map(Rejection::index).distinct().count();
    } catch (InvalidBodyException e) {
      throw new IllegalStateException(e);
    }
  }

  @Connectable
  long lastId() {
    return jdbc.prepareStatement(
        "SELECT COALESCE(MAX(id), 0) FROM rejected_event",
        statement -> {
          try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /** Returns the next letters of one tenant, by primary key. */
  @Connectable
  List<Letter> page(@Nullable Letter after, long last) {
    List<Letter> page =
        jdbc.prepareStatement(
            """
            SELECT bucket, tenant_id, id, event FROM rejected_event
            WHERE id <= ? AND (bucket > ? OR (bucket = ? AND (tenant_id > ? OR (tenant_id = ? AND id > ?))))
            ORDER BY bucket, tenant_id, id
            LIMIT ?
            """,
            statement -> {
              int bucket = after == null ? 0 : after.bucket;
              int tenant = after == null ? Integer.MIN_VALUE : after.tenantId;
              statement.setLong(1, last);
              statement.setInt(2, bucket);
              statement.setInt(3, bucket);
              statement.setInt(4, tenant);
              statement.setInt(5, tenant);
              statement.setLong(6, after == null ? Long.MIN_VALUE : after.id);
              statement.setInt(7, PAGE);
              List<Letter> found = new ArrayList<>();
              try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                  found.add(
                      new Letter(
                          rows.getInt("bucket"),
                          rows.getInt("tenant_id"),
                          rows.getLong("id"),
                          rows.getString("event")));
                }
              }
              return found;
            });
    return page.stream().takeWhile(letter -> letter.tenantId == page.get(0).tenantId).toList();
  }

  @Connectable
  void delete(List<Letter> letters) {
    jdbc.<int[]>prepareStatement(
        "DELETE FROM rejected_event WHERE bucket = ? AND tenant_id = ? AND id = ?",
        statement -> {
          for (Letter letter : letters) {
            statement.setInt(1, letter.bucket);
            statement.setInt(2, letter.tenantId);
            statement.setLong(3, letter.id);
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
