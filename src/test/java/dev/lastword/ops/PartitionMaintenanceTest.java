package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.database.DatabaseAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sets the clock of all database sessions of a context to simulate a date. */
class PartitionMaintenanceTest {

  private final String url = TestDatabase.createEmpty();

  @Test
  void aNodeThatStartedHasMonthsAhead() throws SQLException {
    try (var node = node("2026-11-15T12:00", Map.of())) {
      assertThat(partitions())
          .containsExactly(
              "p_2026_10", "p_2026_11", "p_2026_12", "p_2027_01", "p_2027_02", "p_max");
    }
  }

  @Test
  void runningAgainChangesNothing() throws SQLException {
    try (var node = node("2026-11-15T12:00", Map.of())) {
      List<String> before = partitions();
      node.getBean(PartitionMaintenance.class).run();
      assertThat(partitions()).isEqualTo(before);
      assertThat(failures(node)).isZero();
    }
  }

  @Test
  void rowsOnBothSidesOfALeapDayFallIntoTheirMonths() throws SQLException {
    try (var node = node("2028-02-29T23:59:59.999", Map.of())) {
      insert(1, "2028-02-29 23:59:59.999");
      insert(2, "2028-03-01 00:00:00.000");
      assertThat(idsIn("p_2028_02")).containsExactly(1L);
      assertThat(idsIn("p_2028_03")).containsExactly(2L);
    }
  }

  @Test
  void afterFiveMonthsOffTheRowsThatCameMeanwhileMoveToTheirMonths() throws SQLException {
    node("2026-01-10T00:00", Map.of()).close();
    insert(1, "2026-04-30 23:59:59.999");
    insert(2, "2026-05-20 08:00:00.000");
    insert(3, "2026-06-10 08:00:00.000");
    assertThat(idsIn("p_max")).containsExactly(2L, 3L);
    try (var node = node("2026-06-10T09:00", Map.of())) {
      assertThat(idsIn("p_max")).isEmpty();
      assertThat(idsIn("p_2026_04")).containsExactly(1L);
      assertThat(idsIn("p_2026_05")).containsExactly(2L);
      assertThat(idsIn("p_2026_06")).containsExactly(3L);
      assertThat(partitions()).endsWith("p_2026_08", "p_2026_09", "p_max");
    }
  }

  @Test
  void retentionDropsWhatIsOldAsAWholeAndNothingElse() throws SQLException {
    node("2026-01-10T00:00", Map.of()).close();
    insert(1, "2020-12-01 00:00:00.000");
    insert(2, "2026-01-31 23:59:59.999");
    insert(3, "2026-02-28 23:59:59.999");
    insert(4, "2026-05-29 00:00:00.000");
    execute("INSERT INTO daily_search VALUES (1, '2026-01-31', 'old', 5, 50, 3)");
    // 90 days before: 28 February, so February is not over yet.
    node("2026-05-29T12:00", Map.of("lastword.retention", "90d")).close();
    assertThat(ids("search_log")).containsExactly(3L, 4L);
    assertThat(partitions()).startsWith("p_2026_01", "p_2026_02");
    assertThat(count("daily_search")).isEqualTo(1);
    assertThat(strings("SELECT CONCAT(feed, ' ', COALESCE(log_since, 'all')) FROM rollup_head"))
        .containsExactly("1 2026-02-01", "2 2026-02-01");
    node("2026-05-30T12:00", Map.of("lastword.retention", "P90D")).close();
    assertThat(ids("search_log")).containsExactly(4L);
    assertThat(partitions()).startsWith("p_2026_02", "p_2026_03");
  }

  @Test
  void rowsOfPastMonthsGetTheirPartitions() throws SQLException {
    try (var node = node("2026-11-15T12:00", Map.of())) {
      insert(1, "2026-08-01 00:00:00.000");
      insert(2, "2026-09-30 23:59:59.999");
      insert(3, "2026-11-01 00:00:00.000");
      node.getBean(PartitionMaintenance.class).run();
      assertThat(partitions()).startsWith("p_2026_07", "p_2026_08", "p_2026_09", "p_2026_10");
      assertThat(idsIn("p_2026_07")).isEmpty();
      assertThat(idsIn("p_2026_08")).containsExactly(1L);
      assertThat(idsIn("p_2026_09")).containsExactly(2L);
      assertThat(idsIn("p_2026_11")).containsExactly(3L);
    }
  }

  @Test
  void manyRowsOfPastMonthsAreMovedByMigrateOnly() throws SQLException {
    try (var node = node("2026-11-15T12:00", Map.of())) {
      insertMany(PartitionMaintenance.MAX_ROWS_MOVED);
      node.getBean(PartitionMaintenance.class).run();
      assertThat(partitions()).startsWith("p_2026_07", "p_2026_08");
      execute("UPDATE search_log SET searched_at = searched_at - INTERVAL 2 MONTH");
      insert(1, "2026-06-01 00:00:00.000");
      node.getBean(PartitionMaintenance.class).run();
      assertThat(partitions()).startsWith("p_2026_07", "p_2026_08");
      assertThat(failures(node)).isEqualTo(1);
      PartitionMaintenance.makeAll(DatabaseAddress.from(node.getEnvironment()).orElseThrow());
      assertThat(partitions()).startsWith("p_2026_05", "p_2026_06", "p_2026_07");
      assertThat(count("search_log PARTITION (p_2026_06)"))
          .isEqualTo(PartitionMaintenance.MAX_ROWS_MOVED + 1);
    }
  }

  @Test
  void withoutRetentionNothingIsEverDropped() throws SQLException {
    node("2016-01-10T00:00", Map.of()).close();
    insert(1, "2016-01-10 00:00:00.000");
    node("2026-01-10T00:00", Map.of()).close();
    assertThat(ids("search_log")).containsExactly(1L);
  }

  @Test
  void aTableOfTheDbaIsNotTouched() throws SQLException {
    node("2016-01-10T00:00", Map.of()).close();
    execute(
        """
        CREATE TABLE archive (id INT, at DATETIME NOT NULL)
        PARTITION BY RANGE COLUMNS (at) (
          PARTITION p_2016_01 VALUES LESS THAN ('2016-02-01'),
          PARTITION p_max VALUES LESS THAN (MAXVALUE))
        """);
    execute("INSERT INTO archive VALUES (7, '2016-01-05')");
    node("2026-01-10T00:00", Map.of("lastword.retention", "90d")).close();
    assertThat(ids("archive")).containsExactly(7L);
  }

  @Test
  void everyTableOfOursThatIsPartitionedIsKept() throws SQLException {
    try (var node = node("2026-11-15T12:00", Map.of())) {
      List<String> kept = PartitionedTable.ALL.stream().map(PartitionedTable::name).toList();
      assertThat(
              strings(
                  """
                  SELECT DISTINCT table_name FROM information_schema.partitions
                  WHERE table_schema = DATABASE() AND partition_name IS NOT NULL
                  """))
          .containsExactlyInAnyOrderElementsOf(kept);
    }
  }

  @Test
  void aLongReaderIsNotWaitedForAndTheNextRunSucceeds() throws SQLException {
    node("2026-11-15T12:00", Map.of()).close();
    try (Connection reader = DriverManager.getConnection(url)) {
      reader.setAutoCommit(false);
      reader.createStatement().executeQuery("SELECT * FROM search_log");
      try (var node = node("2026-12-15T12:00", Map.of())) {
        assertThat(failures(node)).isEqualTo(1);
        assertThat(partitions()).doesNotContain("p_2027_03");
        // A later writer does not wait.
        insert(1, "2026-12-15 12:00:00.000");
        reader.rollback();
        node.getBean(PartitionMaintenance.class).run();
        assertThat(partitions()).contains("p_2027_03");
      }
    }
  }

  @Test
  void nodesThatStartTogetherMakeEachMonthOnce() throws SQLException {
    node("2026-01-10T00:00", Map.of()).close();
    var starts =
        IntStream.range(0, 3)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> node("2026-11-15T12:00", Map.of())))
            .toList();
    for (var start : starts) {
      try (var node = start.join()) {
        assertThat(failures(node)).isZero();
      }
    }
    assertThat(partitions()).hasSize(1 + 14 + 1).doesNotHaveDuplicates();
  }

  @Test
  void evenWithoutTheLockTwoNodesDoNoHarm() throws SQLException {
    node("2026-01-10T00:00", Map.of()).close();
    PartitionedTable table = PartitionedTable.ALL.get(0);
    try (Connection one = DriverManager.getConnection(url);
        Connection other = DriverManager.getConnection(url)) {
      insert(1, "2026-05-20 08:00:00.000");
      Partition last = new Partition("p_max", null);
      var missing =
          PartitionPlan.ahead(table.partitions(one), null, LocalDateTime.parse("2026-05-20T08:00"));
      table.cutOff(one, missing, last);
      assertThatThrownBy(() -> table.cutOff(other, missing, last))
          .hasMessageContaining("p_2026_05");
      assertThat(ids("search_log")).containsExactly(1L);
    }
  }

  private ApplicationContext node(String date, Map<String, Object> settings) {
    var instant = LocalDateTime.parse(date).toInstant(ZoneOffset.UTC);
    Map<String, Object> all = new HashMap<>(settings);
    all.put("lastword.promotion.enabled", false);
    all.putAll(
        TestDatabase.settings(
            "%s&sessionVariables=timestamp=%d.%03d"
                .formatted(url, instant.getEpochSecond(), instant.getNano() / 1_000_000)));
    return ApplicationContext.run(all);
  }

  private static double failures(ApplicationContext node) {
    return node.getBean(MeterRegistry.class)
        .counter("lastword.partition.upkeep.failures", "table", "search_log")
        .count();
  }

  private void insert(long id, String searchedAt) {
    LogRow.search("k").id(id).at(searchedAt).insert(url);
  }

  private void insertMany(int rows) throws SQLException {
    execute(
        """
        INSERT INTO search_log
          (bucket, id, searched_at, tenant_id, session_id, keyword, folded, submitted, keystrokes)
        WITH RECURSIVE digit AS (SELECT 0 AS d UNION ALL SELECT d + 1 FROM digit WHERE d < 9)
        SELECT 0, 1000 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d, '2026-08-15', 1, 's', 'k', 'k', FALSE, 1
        FROM digit AS a, digit AS b, digit AS c, digit AS e, digit AS f LIMIT %d
        """
            .formatted(rows));
  }

  private List<String> partitions() throws SQLException {
    return strings(
        """
        SELECT partition_name FROM information_schema.partitions
        WHERE table_schema = DATABASE() AND table_name = 'search_log'
        ORDER BY partition_ordinal_position
        """);
  }

  private List<Long> idsIn(String partition) throws SQLException {
    return ids("search_log PARTITION (" + partition + ")");
  }

  private List<Long> ids(String table) throws SQLException {
    return strings("SELECT id FROM " + table + " ORDER BY id").stream().map(Long::valueOf).toList();
  }

  private int count(String table) throws SQLException {
    return Integer.parseInt(strings("SELECT COUNT(*) FROM " + table).get(0));
  }

  private List<String> strings(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var rows = connection.createStatement().executeQuery(sql)) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.createStatement().execute(sql);
    }
  }
}
