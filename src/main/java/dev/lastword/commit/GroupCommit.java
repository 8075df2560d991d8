package dev.lastword.commit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of many callers with one statement and one commit.
 *
 * <ol>
 *   <li>A caller adds rows that belong together and gets a future for each. It never waits: if a
 *       lane has no space for all of its share, none is added and the futures have already failed.
 *   <li>The bucket determines the lane, so rows of a key keep their order and no two lanes write
 *       the same row.
 *   <li>The lane takes all waiting rows, up to 512 rows or 1 MiB, and writes them in one
 *       transaction, together with the number of the attempt ({@link BatchNumber}).
 *   <li>It completes the futures after the commit. After a deadlock, or while the database is
 *       unavailable, it retries until the deadline of each row. Before each retry, the number
 *       settles whether the attempt was committed and only its answer was lost. A row that the
 *       database refuses, or that has made the batch fail three times, is found by halving the
 *       batch and fails alone.
 *   <li>On close, no new rows are accepted, and waiting rows are written.
 * </ol>
 *
 * <p>A future fails with {@link UnavailableException} (try again later) or {@link
 * RejectedRowException} (this row is bad), and completes on a thread of the lane.
 */
public final class GroupCommit<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final String name;
  private final long maxWait;
  private final BatchWriter<T> writer;
  private final List<Lane<T>> lanes;
  private final List<Thread> threads;
  private final ScheduledExecutorService clock;

  /**
   * @param name used in thread names and as a tag of the meters
   * @param lanes number of threads that write in parallel
   * @param maxWait time that a row waits for its commit
   */
  public GroupCommit(
      String name, int lanes, Duration maxWait, BatchWriter<T> writer, MeterRegistry registry) {
    this.name = name;
    this.maxWait = maxWait.toNanos();
    this.writer = writer;
    var meters = meters(name, registry);
    this.lanes =
        IntStream.range(0, lanes)
            .mapToObj(i -> new Lane<>(i, writer, this.maxWait, meters))
            .toList();
    this.threads =
        IntStream.range(0, lanes)
            .mapToObj(i -> new Thread(this.lanes.get(i), name + "-lane-" + i))
            .toList();
    this.clock =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, name + "-deadlines"));
    Gauge.builder("lastword.commit.waiting", this, GroupCommit::waiting)
        .description("rows waiting for a commit")
        .tag("group", name)
        .register(registry);
    threads.forEach(Thread::start);
    clock.scheduleWithFixedDelay(this::expire, 100, 100, TimeUnit.MILLISECONDS);
  }

  /** Adds a row. Rows of a bucket are written in the order of these calls. */
  public CompletableFuture<Void> add(int bucket, T row) {
    return addAll(List.of(row), any -> bucket).get(0);
  }

  /**
   * Adds rows that belong together, in their order: all of them, or none if the lanes do not have
   * enough space.
   *
   * @param bucket returns the bucket of a row
   * @return a future for each row
   */
  public List<CompletableFuture<Void>> addAll(
      List<? extends T> rows, ToIntFunction<? super T> bucket) {
    long deadline = System.nanoTime() + maxWait;
    List<Pending<T>> all = new ArrayList<>(rows.size());
    rows.forEach(row -> all.add(new Pending<>(row, writer.bytes(row), deadline)));
    if (reserve(all, bucket)) {
      all.forEach(pending -> lanes.get(lane(pending, bucket)).add(pending));
    } else {
      boolean closed = lanes.get(0).isClosed();
      var full =
          new UnavailableException(closed ? "the node stops" : "too much waits to be written");
      all.forEach(pending -> pending.completeExceptionally(full));
    }
    return Collections.unmodifiableList(all);
  }

  private boolean reserve(List<Pending<T>> all, ToIntFunction<? super T> bucket) {
    int[] rows = new int[lanes.size()];
    long[] bytes = new long[lanes.size()];
    for (Pending<T> pending : all) {
      int lane = lane(pending, bucket);
      rows[lane]++;
      bytes[lane] += pending.bytes;
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] > 0 && !lanes.get(i).reserve(rows[i], bytes[i])) {
        for (int reserved = 0; reserved < i; reserved++) {
          lanes.get(reserved).release(rows[reserved], bytes[reserved]);
        }
        return false;
      }
    }
    return true;
  }

  private int lane(Pending<T> pending, ToIntFunction<? super T> bucket) {
    return bucket.applyAsInt(pending.row) % lanes.size();
  }

  /** Returns the reason why a lane does not write, null if all do. */
  @Nullable String problem() {
    long now = System.nanoTime();
    for (int i = 0; i < threads.size(); i++) {
      if (!threads.get(i).isAlive()) {
        return "%s: lane %d has ended".formatted(name, i);
      }
      if (lanes.get(i).isStuck(now)) {
        return "%s: lane %d writes nothing".formatted(name, i);
      }
    }
    return null;
  }

  /**
   * Writes the waiting rows, and returns when the lanes are empty or the deadline of the rows has
   * passed.
   */
  @Override
  public void close() {
    lanes.forEach(Lane::close);
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.NANOSECONDS.toMillis(maxWait) + 1_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    clock.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private int waiting() {
    return lanes.stream().mapToInt(Lane::waiting).sum();
  }

  private void expire() {
    try {
      long now = System.nanoTime();
      lanes.forEach(lane -> lane.expire(now));
    } catch (Throwable e) { // otherwise it would not run again
      LOG.error("Rows may wait for longer than they should", e);
    }
  }

  private static Lane.Meters meters(String name, MeterRegistry registry) {
    return new Lane.Meters(
        Timer.builder("lastword.commit")
            .description("one statement and its commit")
            .tag("group", name)
            .serviceLevelObjectives(BUCKETS)
            .register(registry),
        DistributionSummary.builder("lastword.commit.rows")
            .description("rows that shared a commit")
            .tag("group", name)
            .register(registry),
        Counter.builder("lastword.commit.retries")
            .description("commits that failed and were retried")
            .tag("group", name)
            .register(registry));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
