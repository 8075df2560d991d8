package dev.lastword.row;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The bucket of a key, 0 to 63: a fixed hash, in SQL {@code CRC32(CONCAT(tenant_id, ':', key)) &
 * 63}. It leads the primary keys of the tables that ingest writes, so that each lane, promoter and
 * shard owns whole buckets.
 */
public final class Bucket {
  public static final int COUNT = 64;

  // Shards may be two, four or eight; each holds all buckets that are equal under this mask.
  private static final int SHARD_MASK = 7;

  private Bucket() {}

  public static int of(int tenantId, String key) {
    CRC32 hash = new CRC32();
    hash.update((tenantId + ":" + key).getBytes(StandardCharsets.UTF_8));
    return (int) hash.getValue() & (COUNT - 1);
  }

  /**
   * Returns the bucket of the daily count that a row is part of, 0 to 7: few, so that the counts of
   * a day are read fast, but enough that writers seldom wait for each other. A row and its count
   * are always in one shard.
   */
  public static int ofCount(int bucket) {
    return bucket & SHARD_MASK;
  }

  /** Groups keys by shard, since a write transaction touches the buckets of one shard only. */
  public static <K> Collection<List<K>> byShard(Collection<K> keys, ToIntFunction<K> bucket) {
    return keys.stream()
        .collect(
            Collectors.groupingBy(
                key -> bucket.applyAsInt(key) & SHARD_MASK, TreeMap::new, Collectors.toList()))
        .values();
  }

  /**
   * Returns a condition that holds for exactly these keys, as ranges of a primary key. It has one
   * parameter for the last column of each key.
   *
   * @param keys at least one, in the order of the primary key
   * @param sameRange whether two keys differ in the last column only
   * @param prefix the condition on the columns before the last, and the name of the last, such as
   *     {@code bucket = 1 AND id}
   */
  public static <K> String ranges(
      List<K> keys, BiPredicate<K, K> sameRange, Function<K, String> prefix) {
    StringBuilder sql = new StringBuilder(keys.size() * 2 + 200);
    K before = null;
    for (K key : keys) {
      if (before != null && sameRange.test(before, key)) {
        sql.append(",?");
      } else {
        sql.append(before == null ? "(" : ")) OR (").append(prefix.apply(key)).append(" IN (?");
      }
      before = key;
    }
    return sql.append("))").toString();
  }
}
