package dev.lastword.search;

import dev.lastword.commit.BatchNumber;
import dev.lastword.commit.BatchWriter;
import dev.lastword.commit.LockedRows;
import dev.lastword.commit.MultiRowStatement;
import dev.lastword.database.DatabaseError;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The fold: what one keystroke does to the row of its session, as one upsert.
 *
 * <p>The first case that applies to the text of a keystroke:
 *
 * <ol>
 *   <li>There is no row: the text becomes the keyword of a new one.
 *   <li>A straggler, older than the row by up to {@link #STRAGGLER}: its text becomes the keyword
 *       if it extends it, goes to the finished searches if it was submitted, and is only counted
 *       otherwise. Beyond that the client's clock was set back.
 *   <li>The keyword is that of another user: it is finished, the text becomes the keyword.
 *   <li>The keyword was submitted and the text differs: the keyword is finished, the text becomes
 *       the keyword.
 *   <li>The text extends the keyword: typing on, the text becomes the keyword.
 *   <li>The keyword starts with the text, or is the text: deleting, the keyword stays. It counts as
 *       rested on if the typist paused for {@code rest}. A submitted text becomes the keyword
 *       nevertheless.
 *   <li>Neither, and the keyword was rested on: the typist read it and left it. The keyword is
 *       finished.
 *   <li>Neither, nothing was deleted since, the first letters differ and the length jumps: the text
 *       was replaced at once. The keyword is finished.
 *   <li>Neither: a correction, or an input method at work. The text becomes the keyword, and
 *       nothing is finished.
 * </ol>
 *
 * <p>A row holds {@value #MAX_FINISHED} finished searches (up to 80 kB). One more makes the
 * statement fail, and then the row is promoted before the batch is written again, so that nothing
 * is dropped.
 *
 * <p>The statement also writes the {@linkplain LaneRow row of the lane}.
 *
 * <p>In MySQL and MariaDB, assignments run from left to right and see the values assigned before
 * them; their order is part of the rule. The first one finds the case and stores it in {@code
 * step}, so that the others need not find it again.
 */
@Singleton
class StagingRepository implements BatchWriter<Keystroke> {

  /**
   * The greatest age of a late keystroke relative to the newest one of its session, by the clock of
   * the client. A client whose clock is set back by less counts as late for that long.
   */
  static final Duration STRAGGLER = Duration.ofSeconds(30);

  /** Maximum number of finished searches in a row. */
  static final int MAX_FINISHED = 32;

  /** A number of finished searches that the column does not take, and no other one gets. */
  private static final String FULL = "2147483648";

  // Batches must lock their rows in the same order to avoid deadlocks.
  private static final Comparator<Keystroke> BY_KEY = Comparator.comparing(Keystroke::key);

  // The times when the node received the newest keystroke of the row, and this one; last_seen is
  // the time of the write.
  private static final String ARRIVED = "last_seen - INTERVAL waited * 1000 MICROSECOND";
  private static final String ARRIVED_NOW =
      "VALUES(last_seen) - INTERVAL VALUES(waited) * 1000 MICROSECOND";

  static final String INSERT =
      """
      INSERT INTO search_staging
        (bucket, tenant_id, session_id, user_id, keyword, folded, shown_length, first_length, submitted, typed_at,
         waited, last_seen)
      VALUES
      """;

  private final JdbcOperations jdbc;
  private final TransactionOperations<Connection> transactions;
  private final MultiRowStatement upsert;
  private final Promoter promoter;

  StagingRepository(
      @Named("lanes") JdbcOperations jdbc,
      @Named("lanes") TransactionOperations<Connection> transactions,
      DebounceSettings settings,
      Promoter promoter) {
    this.promoter = promoter;
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.upsert = upsert(settings);
  }

  /**
   * Stages the keystrokes in one statement, which is one transaction, those of a session in their
   * order.
   */
  @Override
  @Connectable("lanes")
  public void write(BatchNumber number, List<Keystroke> keystrokes) {
    Keystroke[] sorted = keystrokes.toArray(Keystroke[]::new);
    Arrays.sort(sorted, BY_KEY);
    jdbc.prepareStatement(
        upsert.sql(sorted.length),
        statement -> {
          int parameter = LaneRow.bind(statement, number);
          // One time for all: those of a session must not pass each other.
          long now = System.nanoTime();
          for (Keystroke keystroke : sorted) {
            parameter = bind(statement, parameter, keystroke, now);
          }
          return statement.executeUpdate();
        });
  }

  @Override
  @Connectable("lanes")
  public boolean settle(BatchNumber number) {
    return LaneRow.settle(jdbc, number);
  }

  @Override
  public Collection<SessionKey> keys(Keystroke keystroke) {
    return List.of(keystroke.key());
  }

  /**
   * Returns the number of keystrokes that a row always has room for once it was promoted, even if
   * each of them finishes a search.
   */
  @Override
  public int maxRowsPerKey() {
    return ClaimRepository.CROWDED;
  }

  @Override
  public boolean makeRoom(List<Keystroke> keystrokes, RuntimeException error) {
    if (!DatabaseError.isOutOfRange(error)) {
      return false;
    }
    promoter.promoteCrowded(keystrokes.stream().map(Keystroke::key).distinct().sorted().toList());
    return true;
  }

  @Override
  public Set<Object> locked(Collection<?> keys) {
    return transactions.executeWrite(
        status ->
            LockedRows.find(
                status.getConnection(), keys, session -> ((SessionKey) session).stagedRow()));
  }

  /**
   * Returns the size of the text, twice, at four bytes a character, and of quotes, ids and times.
   */
  @Override
  public int bytes(Keystroke keystroke) {
    return 200
        + 8 * keystroke.keyword().length()
        + 4 * (keystroke.userId() == null ? 0 : keystroke.userId().length());
  }

  private static int bind(PreparedStatement statement, int parameter, Keystroke keystroke, long now)
      throws SQLException {
    int length = keystroke.length();
    statement.setInt(parameter++, keystroke.key().bucket());
    statement.setInt(parameter++, keystroke.key().tenantId());
    statement.setString(parameter++, keystroke.key().sessionId());
    statement.setString(parameter++, keystroke.userId());
    statement.setString(parameter++, keystroke.keyword());
    statement.setString(parameter++, keystroke.folded());
    statement.setInt(parameter++, length);
    statement.setInt(parameter++, length);
    statement.setBoolean(parameter++, keystroke.submitted());
    statement.setObject(parameter++, keystroke.typedAt());
    statement.setInt(parameter++, keystroke.waited(now));
    return parameter;
  }

  static MultiRowStatement upsert(DebounceSettings settings) {
    return new MultiRowStatement(
        INSERT + LaneRow.VALUES + ",", "(?,?,?,?,?,?,?,?,?,?,?,UTC_TIMESTAMP(3))", fold(settings));
  }

  // Prefixes are compared at equal length only, because the collation ignores trailing blanks.
  private static String fold(DebounceSettings settings) {
    return """
    ON DUPLICATE KEY UPDATE
      step = CASE
        WHEN <lane>
        WHEN <straggler> THEN
          IF(<extends> AND NOT submitted AND NOT <other user>, 1, 0)
          + IF(VALUES(submitted) AND (<other user> OR NOT <same>), 2, 0)
        WHEN <other user> THEN 6
        WHEN submitted THEN IF(<same>, 4, 6)
        WHEN <extends> THEN 5
        WHEN LEFT(folded, VALUES(shown_length)) = VALUES(folded) AND (<same> OR NOT VALUES(submitted)) THEN 4
        WHEN rested OR <look> OR <replaced> THEN 6
        ELSE 5 END,
      completed = IF(step IN (2, 3, 6), IF(completed < <most finished>, completed + 1, <full>), completed),
      finished = CASE
        WHEN step NOT IN (2, 3, 6) THEN finished
        WHEN step = 6 THEN <keyword finished>
        ELSE <text finished> END,
      rested = CASE WHEN step < 4 THEN rested WHEN step = 4 THEN GREATEST(rested, <look>) ELSE 0 END,
      shown_length = IF(step < 4, shown_length, VALUES(shown_length)),
      keyword = IF(step IN (1, 3, 5, 6), VALUES(keyword), keyword),
      folded = IF(step IN (1, 3, 5, 6), VALUES(folded), folded),
      submitted = IF(step < 4, submitted, VALUES(submitted) OR (step = 4 AND submitted)),
      user_id = IF(step < 4, COALESCE(user_id, VALUES(user_id)), COALESCE(VALUES(user_id), user_id)),
      keystrokes = keystrokes + 1,
      typed_at = IF(step < 4, typed_at, VALUES(typed_at)),
      waited = IF(step < 4, waited, VALUES(waited)),
      last_seen = IF(step < 4, last_seen, VALUES(last_seen))
    """
        .replace("<lane>", LaneRow.GUARD)
        .replace(
            "<keyword finished>",
            finished(
                "user_id", "keyword", "submitted", "GREATEST(rested, <look>)", "typed_at", ARRIVED))
        .replace(
            "<text finished>",
            finished(
                "COALESCE(VALUES(user_id), user_id)",
                "VALUES(keyword)",
                "1",
                "0",
                "VALUES(typed_at)",
                ARRIVED_NOW))
        .replace(
            "<extends>",
            "(VALUES(shown_length) > CHAR_LENGTH(folded) AND LEFT(VALUES(folded), CHAR_LENGTH(folded)) = folded)")
        .replace("<other user>", "COALESCE(user_id <> VALUES(user_id), FALSE)")
        .replace("<full>", FULL)
        .replace("<same>", "(VALUES(folded) = folded)")
        .replace(
            "<straggler>",
            "(VALUES(typed_at) < typed_at AND VALUES(typed_at) >= typed_at - INTERVAL <straggler window> SECOND)")
        .replace("<straggler window>", Long.toString(STRAGGLER.toSeconds()))
        .replace("<most finished>", Integer.toString(MAX_FINISHED))
        .replace("<look>", "IF(<pause> >= <rest>, GREATEST(<pause>, 1), 0)")
        .replace(
            "<pause>",
            """
            LEAST(86400000, IF(VALUES(typed_at) >= typed_at,
              TIMESTAMPDIFF(MICROSECOND, typed_at, VALUES(typed_at)) DIV 1000,
              TIMESTAMPDIFF(MICROSECOND, last_seen, VALUES(last_seen)) DIV 1000 + waited - VALUES(waited)))\
            """)
        .replace(
            "<replaced>",
            """
            (shown_length >= CHAR_LENGTH(folded) AND LEFT(folded, 1) <> LEFT(VALUES(folded), 1)
             AND ABS(VALUES(shown_length) - shown_length) > 1)\
            """)
        .replace("<rest>", Long.toString(settings.rest().toMillis()));
  }

  private static String finished(
      String userId,
      String keyword,
      String submitted,
      String rested,
      String typedAt,
      String lastSeen) {
    return """
    JSON_ARRAY_APPEND(COALESCE(finished, JSON_ARRAY()), '$', JSON_OBJECT(
      'user_id', %s, 'keyword', %s, 'submitted', %s, 'rested', %s, 'keystrokes', keystrokes, 'typed_at', %s, 'last_seen', %s))\
    """
        .formatted(userId, keyword, submitted, rested, typedAt, lastSeen);
  }
}
