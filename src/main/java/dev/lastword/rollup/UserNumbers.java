package dev.lastword.rollup;

import dev.lastword.row.Select;
import dev.lastword.row.Update;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Table {@code user_number}: a small number for each user of a tenant, from 0. */
@Singleton
class UserNumbers {
  private static final int MAX_KEYS = 1_000;

  private final JdbcOperations jdbc;

  UserNumbers(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Returns the numbers of users, and assigns the next ones to users without.
   *
   * <p>The rollup's lock makes it the only writer of the table.
   */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  Map<String, Integer> of(int tenantId, Set<String> userIds) {
    Map<String, Integer> numbers = new HashMap<>();
    List<String> ids = List.copyOf(userIds);
    for (int start = 0; start < ids.size(); start += MAX_KEYS) {
      find(tenantId, ids.subList(start, Math.min(start + MAX_KEYS, ids.size())), numbers);
    }
    List<String> added = ids.stream().filter(id -> !numbers.containsKey(id)).toList();
    if (!added.isEmpty()) {
      int number = next(tenantId);
      insert(tenantId, number, added);
      for (String id : added) {
        numbers.put(id, number++);
      }
    }
    return numbers;
  }

  /** Returns the number of a user; null if there is none. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  @Nullable Integer find(int tenantId, String userId) {
    Map<String, Integer> found = new HashMap<>();
    find(tenantId, List.of(userId), found);
    return found.get(userId);
  }

  /** Forgets whose numbers these are. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void remove(int tenantId, List<Integer> forgotten) {
    Update.batch(
        jdbc,
        "DELETE FROM user_number WHERE tenant_id = ? AND number = ?",
        forgotten.stream().map(number -> List.of(tenantId, number)).toList());
  }

  /** Returns the assigned numbers from the first of a range on. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  List<Integer> between(int tenantId, int first, int size) {
    return Select.list(
        jdbc,
        "SELECT number FROM user_number WHERE tenant_id = ? AND number >= ? AND number < ?",
        List.of(tenantId, first, first + (long) size),
        row -> row.getInt("number"));
  }

  private void find(int tenantId, List<String> ids, Map<String, Integer> numbers) {
    jdbc.prepareStatement(
        "SELECT user_id, number FROM user_number WHERE tenant_id = ? AND user_id IN (?%s)"
            .formatted(",?".repeat(ids.size() - 1)),
        statement -> {
          statement.setInt(1, tenantId);
          for (int i = 0; i < ids.size(); i++) {
            statement.setString(i + 2, ids.get(i));
          }
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            numbers.put(rows.getString("user_id"), rows.getInt("number"));
          }
          return numbers;
        });
  }

  /** Returns the number after the last one. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  int next(int tenantId) {
    return jdbc.prepareStatement(
        "SELECT COALESCE(MAX(number) + 1, 0) FROM user_number WHERE tenant_id = ?",
        statement -> {
          statement.setInt(1, tenantId);
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getInt(1);
        });
  }

  private void insert(int tenantId, int first, List<String> ids) {
    jdbc.<int[]>prepareStatement(
        "INSERT INTO user_number (tenant_id, number, user_id) VALUES (?, ?, ?)",
        statement -> {
          int number = first;
          for (String id : ids) {
            statement.setInt(1, tenantId);
            statement.setInt(2, number++);
            statement.setString(3, id);
            statement.addBatch();
          }
          return statement.executeBatch();
        });
  }
}
