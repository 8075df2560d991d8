package dev.lastword.rollup;

import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the days and tenants that have rows or counts.
 *
 * <p>Each step from one value to the next is one lookup in an index. DISTINCT would read all of it
 * on some versions.
 */
@Singleton
class CountedDays {

  /** A table whose index begins with tenant and time. */
  record Table(String name, String time) {}

  private static final List<Table> LOGS =
      List.of(new Table("search_log", "searched_at"), new Table("event_log", "occurred_at"));

  /** All counts, except those of active users, whose index begins otherwise. */
  static final List<Table> COUNTS =
      List.of(
          new Table("daily_search", "day"),
          new Table("hourly_search", "hour"),
          new Table("daily_session", "day"),
          new Table("daily_event", "day"),
          new Table("daily_topic", "day"));

  /** Tables of which an index begins with the tenant. */
  private static final List<String> TENANTS =
      List.of(
          "search_log", "event_log", "hourly_search", "daily_event", "daily_topic", "active_user");

  private final JdbcOperations jdbc;

  CountedDays(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns all days that have rows or counts. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  SortedSet<LocalDate> all() {
    SortedSet<LocalDate> days = new TreeSet<>(countedDays());
    for (int tenant : tenants()) {
      for (Table table : Stream.concat(LOGS.stream(), COUNTS.stream()).toList()) {
        LocalDate day = next(table, tenant, LocalDate.EPOCH);
        while (day != null) {
          days.add(day);
          day = next(table, tenant, day.plusDays(1));
        }
      }
    }
    return days;
  }

  /** Returns all tenants that have rows or counts. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  SortedSet<Integer> tenants() {
    SortedSet<Integer> tenants = new TreeSet<>();
    for (String table : TENANTS) {
      Integer tenant = nextTenant(table, Integer.MIN_VALUE);
      while (tenant != null) {
        tenants.add(tenant);
        tenant = nextTenant(table, tenant);
      }
    }
    return tenants;
  }

  /** Returns the tenants that have counts of days before. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  SortedSet<Integer> tenantsCountedBefore(LocalDate first) {
    SortedSet<Integer> tenants = tenants();
    tenants.removeIf(tenant -> COUNTS.stream().noneMatch(table -> isBefore(first, table, tenant)));
    return tenants;
  }

  private boolean isBefore(LocalDate first, Table table, int tenantId) {
    LocalDate oldest = next(table, tenantId, LocalDate.EPOCH);
    return oldest != null && oldest.isBefore(first);
  }

  private @Nullable Integer nextTenant(String table, int tenantId) {
    return jdbc.prepareStatement(
        "SELECT MIN(tenant_id) FROM %s WHERE tenant_id > ?".formatted(table),
        statement -> {
          statement.setInt(1, tenantId);
          ResultSet row = statement.executeQuery();
          row.next();
          return row.getObject(1, Integer.class);
        });
  }

  private @Nullable LocalDate next(Table table, int tenantId, LocalDate from) {
    return jdbc.prepareStatement(
        "SELECT MIN(%2$s) FROM %1$s WHERE tenant_id = ? AND %2$s >= ?"
            .formatted(table.name(), table.time()),
        statement -> {
          statement.setInt(1, tenantId);
          statement.setObject(2, from.atStartOfDay());
          ResultSet row = statement.executeQuery();
          row.next();
          LocalDateTime time = row.getObject(1, LocalDateTime.class);
          return time == null ? null : time.toLocalDate();
        });
  }

  /** Returns the days of the table whose index begins otherwise; it has few rows. */
  private SortedSet<LocalDate> countedDays() {
    return jdbc.prepareStatement(
        "SELECT DISTINCT day FROM active_user",
        statement -> {
          SortedSet<LocalDate> days = new TreeSet<>();
          ResultSet rows = statement.executeQuery();
          while (rows.next()) {
            days.add(rows.getObject("day", LocalDate.class));
          }
          return days;
        });
  }
}
