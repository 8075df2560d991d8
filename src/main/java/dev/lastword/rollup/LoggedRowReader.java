package dev.lastword.rollup;

import dev.lastword.row.RowKey;
import dev.lastword.row.Select;
import dev.lastword.row.Update;
import dev.lastword.row.UserSelection;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a log that are to be counted, or counted anew. */
@Singleton
class LoggedRowReader {
  static final int PAGE = 10_000;

  /** Searches as they are counted, and as they are now, in the same order. */
  record Amended(List<LoggedRow> before, List<LoggedRow> after) {}

  private final JdbcOperations jdbc;

  LoggedRowReader(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Reads rows by their keys, without those that no longer exist.
   *
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after; the two exclude partitions
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<LoggedRow> byKey(
      CountedLog log, List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    return jdbc.prepareStatement(
        "SELECT %s FROM %s FORCE INDEX (PRIMARY) WHERE %s BETWEEN ? AND ? AND (%s)"
            .formatted(
                log.columns(), log.feed().log(), log.feed().timeColumn(), RowKey.condition(keys)),
        statement -> {
          statement.setObject(1, earliest);
          statement.setObject(2, latest);
          return read(statement.executeQuery());
        });
  }

  /**
   * Locks amended searches, and marks them as counted.
   *
   * @param earliest a time that none of them is before
   * @param latest a time that none of them is after; the two exclude partitions
   * @return what was counted of each, and what is to be counted instead; without those that are
   *     counted, by a former amendment
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Amended amended(List<RowKey> keys, LocalDateTime earliest, LocalDateTime latest) {
    String rows = "searched_at BETWEEN ? AND ? AND (%s) AND counted_as_former";
    Amended amended = new Amended(new ArrayList<>(), new ArrayList<>());
    Select.forEach(
        jdbc,
        ("SELECT %s, folded, user_id, keystrokes AS now_keystrokes FROM search_log FORCE INDEX (PRIMARY) WHERE "
                + rows
                + " FOR UPDATE")
            .formatted(CountedLog.SEARCHES.columns(), RowKey.condition(keys)),
        List.of(earliest, latest),
        row -> {
          LoggedRow counted = CountedLog.read(row);
          amended.before.add(counted);
          amended.after.add(
              new LoggedRow(
                  counted.key(),
                  counted.tenantId(),
                  counted.time(),
                  row.getString("folded"),
                  row.getString("user_id"),
                  row.getInt("now_keystrokes")));
        });
    if (!amended.before.isEmpty()) {
      List<RowKey> locked = amended.before.stream().map(LoggedRow::key).toList();
      Update.run(
          jdbc,
          ("UPDATE search_log FORCE INDEX (PRIMARY) SET counted_as_former = FALSE WHERE " + rows)
              .formatted(RowKey.condition(locked)),
          earliest,
          latest);
    }
    return amended;
  }

  /**
   * Reads rows of a tenant and a day in the order of time and id.
   *
   * @param from a row at which to begin, null for the first
   * @return {@value #PAGE} rows, fewer if there are no more
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<LoggedRow> ofDay(CountedLog log, int tenantId, LocalDate day, @Nullable LoggedRow from) {
    LocalDateTime start = from == null ? day.atStartOfDay() : from.time();
    long id = from == null ? Long.MIN_VALUE : from.key().id();
    return jdbc.prepareStatement(
        """
        SELECT %1$s FROM %2$s FORCE INDEX (newest)
        WHERE tenant_id = ? AND (%3$s = ? AND id >= ? OR %3$s > ? AND %3$s < ?)
        ORDER BY %3$s, id
        LIMIT %4$d
        """
            .formatted(log.columns(), log.feed().log(), log.feed().timeColumn(), PAGE),
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, start);
          statement.setLong(3, id);
          statement.setObject(4, start);
          statement.setObject(5, day.plusDays(1).atStartOfDay());
          return read(statement.executeQuery());
        });
  }

  /**
   * Reads the oldest of the selected rows of a user, in the order of their times.
   *
   * @param limit maximum number of rows
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<LoggedRow> ofUser(CountedLog log, UserSelection selection, int limit) {
    String time = log.feed().timeColumn();
    return Select.list(
        jdbc,
        """
        SELECT %1$s FROM %2$s FORCE INDEX (by_user)
        WHERE tenant_id = ? AND user_id = ? AND %3$s >= ? AND %3$s < ? AND %4$s <= ?
        ORDER BY %3$s, id
        LIMIT ?
        """
            .formatted(log.columns(), log.feed().log(), time, log.storedAt()),
        List.of(
            selection.tenantId(),
            selection.userId(),
            selection.start(),
            selection.end(),
            selection.until(),
            limit),
        CountedLog::read);
  }

  private static List<LoggedRow> read(ResultSet rows) throws SQLException {
    List<LoggedRow> found = new ArrayList<>();
    while (rows.next()) {
      found.add(CountedLog.read(rows));
    }
    return found;
  }
}
