package dev.lastword.ops;

import dev.lastword.feed.Feed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A log with monthly partitions and one that ends with MAXVALUE. */
record PartitionedTable(Feed feed) {

  /**
   * The tables whose partitions are maintained. They are listed and not queried, because retention
   * drops data, and must never touch a DBA's own tables in the same schema.
   */
  static final List<PartitionedTable> ALL =
      List.of(new PartitionedTable(Feed.SEARCHES), new PartitionedTable(Feed.EVENTS));

  String name() {
    return feed.log();
  }

  /** Returns its partitions in the order of time; none if a DBA has removed them. */
  List<Partition> partitions(Connection connection) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            SELECT partition_name,
                   CASE WHEN partition_description <> 'MAXVALUE'
                        THEN CAST(TRIM(BOTH '''' FROM partition_description) AS DATETIME(3)) END
            FROM information_schema.partitions
            WHERE table_schema = DATABASE() AND table_name = ? AND partition_name IS NOT NULL
            ORDER BY partition_ordinal_position
            """)) {
      statement.setString(1, name());
      List<Partition> partitions = new ArrayList<>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          partitions.add(new Partition(rows.getString(1), rows.getObject(2, LocalDateTime.class)));
        }
      }
      return partitions;
    }
  }

  long rowsIn(Connection connection, Partition partition) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM %s PARTITION (%s)".formatted(name(), partition.name()))) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Returns whether a partition has more than {@code rows} rows, reading no more than that. */
  boolean hasMoreThan(long rows, Connection connection, Partition partition) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT 1 FROM %s PARTITION (%s) LIMIT %d, 1"
                    .formatted(name(), partition.name(), rows))) {
      return row.next();
    }
  }

  /** Returns the time of its oldest row, null if it has none. */
  @Nullable LocalDateTime oldestIn(Connection connection, Partition partition) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT MIN(%s) FROM %s PARTITION (%s)"
                    .formatted(feed.timeColumn(), name(), partition.name()))) {
      row.next();
      return row.getObject(1, LocalDateTime.class);
    }
  }

  /** Splits months off a partition, and moves their rows. Writers of the table wait meanwhile. */
  void cutOff(Connection connection, List<Partition> months, Partition from) throws SQLException {
    alter(
        connection,
        Stream.concat(months.stream(), Stream.of(from))
            .map(Partition::definition)
            .collect(
                Collectors.joining(
                    ",\n  ", "REORGANIZE PARTITION " + from.name() + " INTO (\n  ", ")")));
  }

  void truncate(Connection connection, Partition partition) throws SQLException {
    alter(connection, "TRUNCATE PARTITION " + partition.name());
  }

  void drop(Connection connection, List<Partition> partitions) throws SQLException {
    alter(
        connection,
        partitions.stream()
            .map(Partition::name)
            .collect(Collectors.joining(", ", "DROP PARTITION ", "")));
  }

  private void alter(Connection connection, String change) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("ALTER TABLE " + name() + " " + change);
    }
  }
}
