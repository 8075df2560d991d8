package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StagingScanTest {
  private final StagingScan scan = new StagingScan();

  /** Scans once; returns the buckets that were read. */
  private List<Integer> scan(long millisABucket) {
    List<Integer> buckets = new ArrayList<>();
    scan.begin();
    while (scan.hasNext()) {
      IntStream.rangeClosed(scan.first(), scan.last()).forEach(buckets::add);
      scan.took(TimeUnit.MILLISECONDS.toNanos(millisABucket * (scan.last() - scan.first() + 1)));
      scan.next();
    }
    return buckets;
  }

  @Test
  void aSmallTableIsLookedThroughAtOnce() {
    assertThat(scan(0)).containsExactlyElementsOf(IntStream.range(0, 64).boxed().toList());
    assertThat(scan(0)).hasSize(64);
  }

  @Test
  void aLargeTableIsLookedThroughInParts() {
    for (int i = 0; i < 10; i++) {
      scan(10);
    }
    List<Integer> some = scan(10);
    assertThat(some).hasSizeBetween(8, 20).doesNotHaveDuplicates();
    assertThat(scan(10).get(0)).isEqualTo((some.get(some.size() - 1) + 1) % 64);
  }

  @Test
  void everyBucketHasItsTurn() {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      seen.addAll(scan(10));
    }
    assertThat(seen).containsAll(IntStream.range(0, 64).boxed().toList());
  }

  @Test
  void aTableThatBecameSmallIsLookedThroughAtOnceAgain() {
    for (int i = 0; i < 10; i++) {
      scan(50);
    }
    for (int i = 0; i < 10; i++) {
      scan(0);
    }
    assertThat(scan(0)).hasSize(64);
  }

  @Test
  void afterAFullBatchTheScanContinuesWithTheNextBucket() {
    scan.begin();
    scan.took(1);
    scan.endAfter(20);
    assertThat(scan.hasNext()).isFalse();
    assertThat(scan(0)).startsWith(21).contains(63);
  }
}
