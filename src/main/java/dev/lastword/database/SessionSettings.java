package dev.lastword.database;

import static java.util.Map.entry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings that statements rely on. Each connection sets them before anything else, because the
 * server's defaults, its {@code init_connect} or a proxy may have given others.
 *
 * <p>Only variables that MySQL 8.0 to 9.x and MariaDB 10.6 and later have in common.
 */
public final class SessionSettings {

  /** Isolation and access mode, whose variables have different names in MySQL and MariaDB. */
  static final String TRANSACTIONS =
      "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

  private static final List<Map.Entry<String, String>> VARIABLES =
      List.of(
          // Without it, a statement outside of a transaction is never committed.
          entry("autocommit", "1"),
          // With CHAIN, each commit would begin a transaction; with RELEASE, disconnect.
          entry("completion_type", "0"),
          // Values that do not fit are errors. Without SIMULTANEOUS_ASSIGNMENT (MariaDB), which
          // would break the fold, PIPES_AS_CONCAT, ANSI_QUOTES, NO_BACKSLASH_ESCAPES, and so
          // on.
          entry(
              "sql_mode",
              "'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
                  + "NO_ENGINE_SUBSTITUTION'"),
          // Would refuse changes without a key or LIMIT.
          entry("sql_safe_updates", "0"),
          // Would end results early.
          entry("sql_select_limit", "18446744073709551615"),
          // Would refuse joins and scans that look large.
          entry("sql_big_selects", "1"),
          // Would find the row inserted last by IS NULL.
          entry("sql_auto_is_null", "0"),
          entry("time_zone", "'%2B00:00'"), // the driver decodes the URL
          entry("group_concat_max_len", "1048576"),
          entry("max_sort_length", "4096"), // bytes; would order long texts by their prefix
          entry("div_precision_increment", "4"), // decimal places of averages
          entry("unique_checks", "1"),
          entry("character_set_client", "utf8mb4"),
          entry("character_set_connection", "utf8mb4"));

  private SessionSettings() {}

  /** Returns the variables as the driver's option {@code sessionVariables} takes them. */
  static String asOption() {
    return VARIABLES.stream()
        .map(variable -> variable.getKey() + "=" + variable.getValue())
        .collect(Collectors.joining(","));
  }

  /**
   * Returns the server's defaults that are others, with their values, and its {@code init_connect}
   * if there is one.
   */
  public static Map<String, String> differingDefaults(Connection connection) throws SQLException {
    Map<String, String> differing = new LinkedHashMap<>();
    for (var setting : VARIABLES) {
      String variable = setting.getKey();
      try (var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "SELECT @@GLOBAL.%1$s, @@GLOBAL.%1$s = @@SESSION.%1$s".formatted(variable))) {
        row.next();
        if (!row.getBoolean(2)) {
          differing.put(variable, row.getString(1));
        }
      }
    }
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT @@GLOBAL.init_connect")) {
      row.next();
      if (!row.getString(1).isEmpty()) {
        differing.put("init_connect", row.getString(1));
      }
    }
    return differing;
  }
}
