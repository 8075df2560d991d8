package dev.lastword.search;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import io.micronaut.data.exceptions.DataAccessException;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads and writes table {@code search_log} for promotion. */
@Singleton
class SearchRepository {
  static final int MAX_LOGGED = 20_000;
  static final int MAX_LOGGED_OF_ONE = 100;

  private static final String LOGGED =
      """
      SELECT id, bucket, tenant_id, session_id, user_id, keyword, folded, submitted, keystrokes, typed_at, searched_at,
        revision, amended_at
      FROM search_log
      """;
  private static final String LOGGED_BY_SESSION = LOGGED + "FORCE INDEX (by_session)\n";

  private final JdbcOperations jdbc;

  SearchRepository(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void insert(List<Search> searches) {
    jdbc.<int[]>prepareStatement(
        """
        INSERT INTO search_log
          (bucket, id, searched_at, tenant_id, session_id, user_id, keyword, folded, submitted, keystrokes, typed_at,
           revision, amended_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        statement -> {
          for (Search search : searches) {
            statement.setInt(1, search.key().bucket());
            statement.setLong(2, search.id());
            statement.setObject(3, search.searchedAt());
            statement.setInt(4, search.key().tenantId());
            statement.setString(5, search.key().sessionId());
            statement.setString(6, search.userId());
            statement.setString(7, search.keyword());
            statement.setString(8, search.folded());
            statement.setBoolean(9, search.submitted());
            statement.setInt(10, search.keystrokes());
            statement.setObject(11, search.typedAt());
            statement.setInt(12, search.revision());
            statement.setObject(13, search.amendedAt());
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }

  /**
   * Completes logged searches. The counts keep the values that they have until the rollup passes
   * the amendment, so these are kept, however often a search is amended until then.
   *
   * @param amended in the order of their keys, with a revision that is later than the logged one
   * @throws RuntimeException that can be retried if one of them was amended or erased meanwhile
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void amend(List<Search> amended) {
    int[] changed =
        Update.batch(
            jdbc,
            """
            UPDATE search_log
            SET former_folded = IF(counted_as_former, former_folded, folded),
                former_keystrokes = IF(counted_as_former, former_keystrokes, keystrokes),
                former_user_id = IF(counted_as_former, former_user_id, user_id),
                counted_as_former = TRUE,
                user_id = ?, keyword = ?, folded = ?, submitted = ?, keystrokes = ?, typed_at = ?, revision = ?, amended_at = ?
            WHERE bucket = ? AND id = ? AND searched_at = ? AND revision < ?
            """,
            amended.stream()
                .map(
                    search ->
                        Arrays.asList(
                            search.userId(),
                            search.keyword(),
                            search.folded(),
                            search.submitted(),
                            search.keystrokes(),
                            search.typedAt(),
                            search.revision(),
                            search.amendedAt(),
                            search.key().bucket(),
                            search.id(),
                            search.searchedAt(),
                            search.revision()))
                .toList());
    if (Arrays.stream(changed).anyMatch(rows -> rows == 0)) {
      throw new DataAccessException(
          "A search has changed",
          new SQLTransactionRollbackException("It was amended or erased meanwhile", "40001"));
    }
  }

  /** Returns the time of the database. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  LocalDateTime now() {
    return Select.now(jdbc);
  }

  /** Returns those of the rows that are in the log. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<Search> find(Collection<RowKey> keys) {
    return jdbc.prepareStatement(
        LOGGED + "WHERE " + RowKey.condition(keys), statement -> read(statement.executeQuery()));
  }

  /**
   * Returns what these sessions logged since a time, oldest first.
   *
   * <p>If that is more than {@value #MAX_LOGGED} searches, which is more than people type, returns
   * only the newest {@value #MAX_LOGGED_OF_ONE} of each session.
   *
   * @param keys of one tenant
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Map<SessionKey, List<Search>> since(LocalDateTime since, int tenantId, List<SessionKey> keys) {
    String sql =
        LOGGED_BY_SESSION
            + """
        WHERE tenant_id = ? AND session_id IN (%s) AND searched_at >= ?
        LIMIT %d
        """
                .formatted("?" + ",?".repeat(keys.size() - 1), MAX_LOGGED + 1);
    List<Search> found =
        jdbc.prepareStatement(
            sql,
            statement -> {
              int parameter = 1;
              statement.setInt(parameter++, tenantId);
              for (SessionKey key : keys) {
                statement.setString(parameter++, key.sessionId());
              }
              statement.setObject(parameter, since);
              return read(statement.executeQuery());
            });
    if (found.size() > MAX_LOGGED) {
      found = keys.stream().flatMap(key -> newestSince(since, key).stream()).toList();
    }
    return found.stream()
        .sorted(Comparator.comparingLong(Search::id))
        .collect(Collectors.groupingBy(Search::key));
  }

  /**
   * Returns the newest {@value #MAX_LOGGED_OF_ONE} searches that a session logged since a time,
   * oldest first.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<Search> newestSince(LocalDateTime since, SessionKey key) {
    List<Search> newest =
        jdbc.prepareStatement(
            LOGGED_BY_SESSION
                + """
        WHERE tenant_id = ? AND session_id = ? AND searched_at >= ?
        ORDER BY searched_at DESC, id DESC
        LIMIT %d
        """
                    .formatted(MAX_LOGGED_OF_ONE),
            statement -> {
              statement.setInt(1, key.tenantId());
              statement.setString(2, key.sessionId());
              statement.setObject(3, since);
              return read(statement.executeQuery());
            });
    newest.sort(Comparator.comparingLong(Search::id));
    return newest;
  }

  private static List<Search> read(ResultSet rows) throws SQLException {
    List<Search> searches = new ArrayList<>();
    while (rows.next()) {
      searches.add(search(rows));
    }
    return searches;
  }

  private static Search search(ResultSet row) throws SQLException {
    return new Search(
        row.getLong("id"),
        new SessionKey(row.getInt("bucket"), row.getInt("tenant_id"), row.getString("session_id")),
        row.getString("user_id"),
        row.getString("keyword"),
        row.getString("folded"),
        row.getBoolean("submitted"),
        row.getInt("keystrokes"),
        row.getObject("typed_at", LocalDateTime.class),
        row.getObject("searched_at", LocalDateTime.class),
        row.getInt("revision"),
        row.getObject("amended_at", LocalDateTime.class));
  }
}
