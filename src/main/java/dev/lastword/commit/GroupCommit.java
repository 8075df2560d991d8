package dev.lastword.commit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Many callers, one statement, one commit.
 *
 * <ol>
 *   <li>A caller hands in a row with its bucket and gets a future. It never waits: where the queue
 *       is full the future has failed already.
 *   <li>The bucket names the lane, always the same one, so rows of a key keep their order and no
 *       two lanes meet on a row.
 *   <li>The lane takes all that waits, up to 256 rows or 1 MiB, and writes it in one transaction.
 *   <li>It completes the futures after the commit. A deadlock or a database that is away is tried
 *       again until the longest wait of each row has passed; a row that the database refuses is
 *       found by halving and fails alone.
 *   <li>On close nothing new is taken, and what waits is written.
 * </ol>
 *
 * <p>A future fails with {@link UnavailableException} (try again later) or {@link
 * RejectedRowException} (this row is bad), and completes on a thread of the lane.
 */
public final class GroupCommit<T> implements AutoCloseable {
  private static final int CAPACITY = 10_000;
  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final long maxWait;
  private final List<Lane<T>> lanes;
  private final List<Thread> threads;
  private final ScheduledExecutorService clock;

  /**
   * @param name stands in thread names and as a tag of the meters
   * @param lanes how many threads write side by side
   * @param maxWait how long a row may wait for its commit
   */
  public GroupCommit(
      String name, int lanes, Duration maxWait, BatchWriter<T> writer, MeterRegistry registry) {
    this.maxWait = maxWait.toNanos();
    var meters = meters(name, registry);
    this.lanes =
        IntStream.range(0, lanes).mapToObj(i -> new Lane<>(writer, meters, CAPACITY)).toList();
    this.threads =
        IntStream.range(0, lanes)
            .mapToObj(i -> new Thread(this.lanes.get(i), name + "-lane-" + i))
            .toList();
    this.clock =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, name + "-deadlines"));
    Gauge.builder("lastword.commit.waiting", this, GroupCommit::waiting)
        .description("rows that wait for a commit")
        .tag("group", name)
        .register(registry);
    threads.forEach(Thread::start);
    clock.scheduleWithFixedDelay(this::expire, 100, 100, TimeUnit.MILLISECONDS);
  }

  /** Hands in one row; rows of one bucket are written in the order of these calls. */
  public CompletableFuture<Void> add(int bucket, T row) {
    Pending<T> pending = new Pending<>(row, System.nanoTime() + maxWait);
    lanes.get(bucket % lanes.size()).add(pending);
    return pending;
  }

  /**
   * Writes what waits and returns when the lanes are empty, after the longest wait of a row at the
   * latest.
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
    long now = System.nanoTime();
    lanes.forEach(lane -> lane.expire(now));
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
            .description("commits that failed and were tried again")
            .tag("group", name)
            .register(registry));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
