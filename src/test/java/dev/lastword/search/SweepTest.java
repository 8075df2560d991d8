package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final Sweep sweep = new Sweep();

  /** Sweeps once; gives the buckets that were looked at. */
  private List<Integer> sweep(long millisABucket) {
    List<Integer> buckets = new ArrayList<>();
    sweep.begin();
    while (sweep.goesOn()) {
      IntStream.rangeClosed(sweep.first(), sweep.last()).forEach(buckets::add);
      sweep.looked(
          TimeUnit.MILLISECONDS.toNanos(millisABucket * (sweep.last() - sweep.first() + 1)));
      sweep.next();
    }
    return buckets;
  }

  @Test
  void aSmallTableIsLookedThroughAtOnce() {
    assertThat(sweep(0)).containsExactlyElementsOf(IntStream.range(0, 64).boxed().toList());
    assertThat(sweep(0)).hasSize(64);
  }

  @Test
  void aLargeTableIsLookedThroughInParts() {
    for (int i = 0; i < 10; i++) {
      sweep(10);
    }
    List<Integer> some = sweep(10);
    assertThat(some).hasSizeBetween(8, 20).doesNotHaveDuplicates();
    assertThat(sweep(10).get(0)).isEqualTo((some.get(some.size() - 1) + 1) % 64);
  }

  @Test
  void everyBucketHasItsTurn() {
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      seen.addAll(sweep(10));
    }
    assertThat(seen).containsAll(IntStream.range(0, 64).boxed().toList());
  }

  @Test
  void aTableThatBecameSmallIsLookedThroughAtOnceAgain() {
    for (int i = 0; i < 10; i++) {
      sweep(50);
    }
    for (int i = 0; i < 10; i++) {
      sweep(0);
    }
    assertThat(sweep(0)).hasSize(64);
  }

  @Test
  void aFullBatchIsFollowedByTheBucketsBehindIt() {
    sweep.begin();
    sweep.looked(1);
    sweep.full(20);
    assertThat(sweep.goesOn()).isFalse();
    assertThat(sweep(0)).startsWith(21).contains(63);
  }
}
