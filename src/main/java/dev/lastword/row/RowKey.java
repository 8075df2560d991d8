package dev.lastword.row;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The key of a row of a log. */
public record RowKey(int bucket, long id) {

  /**
   * Returns a condition on the columns {@code bucket} and {@code id} that holds for exactly these
   * keys, as ranges of an index that starts with them.
   *
   * @param keys at least one
   */
  public static String condition(Collection<RowKey> keys) {
    var idsByBucket =
        keys.stream()
            .collect(
                Collectors.groupingBy(
                    RowKey::bucket,
                    TreeMap::new,
                    Collectors.mapping(key -> Long.toString(key.id), Collectors.joining(","))));
    return idsByBucket.entrySet().stream()
        .map(ids -> "(bucket = %d AND id IN (%s))".formatted(ids.getKey(), ids.getValue()))
        .collect(Collectors.joining(" OR "));
  }

  /** Reads the columns {@code bucket} and {@code id} of all rows. */
  public static Set<RowKey> read(ResultSet rows) throws SQLException {
    Set<RowKey> keys = new HashSet<>();
    while (rows.next()) {
      keys.add(new RowKey(rows.getInt("bucket"), rows.getLong("id")));
    }
    return keys;
  }
}
