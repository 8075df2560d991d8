package dev.lastword.feed;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.TestDatabase;
import dev.lastword.row.RowKey;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes assign positions on one database. */
class SequencerTest {

  private static final LocalDateTime MOMENT = LocalDateTime.of(2025, 10, 12, 0, 0);

  private final String url = TestDatabase.create();
  private final ApplicationContext one = node();
  private final ApplicationContext other = node();

  private ApplicationContext node() {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.jobs.enabled", false);
    return ApplicationContext.run(settings);
  }

  /** As if all were counted, because otherwise no position is deleted. */
  private void setAllCounted() throws SQLException {
    execute("UPDATE rollup_head SET position = 1000000");
  }

  @AfterEach
  void end() {
    one.close();
    other.close();
  }

  @Test
  void everyCommittedRowGetsOnePositionFromAnyNodeWheneverItIsCommitted() throws Exception {
    int writers = 8;
    int batches = 60;
    var threads = Executors.newFixedThreadPool(writers + 2);
    var done = new AtomicBoolean();
    try {
      List<Future<?>> jobs = new ArrayList<>();
      for (ApplicationContext node : List.of(one, other)) {
        Sequencer numbering = node.getBean(Sequencer.class);
        jobs.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    numbering.run();
                  }
                }));
      }
      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        long first = writer * 1_000_000L;
        writing.add(
            threads.submit(
                () -> IntStream.range(0, batches).forEach(i -> write(first + i * 10L, 1 + i % 7))));
      }
      for (Future<?> writer : writing) {
        writer.get();
      }
      done.set(true);
      for (Future<?> job : jobs) {
        job.get();
      }
    } finally {
      threads.shutdownNow();
    }
    one.getBean(Sequencer.class).run();
    List<FeedReader.Numbered> rows = positions().after(Feed.EVENTS, 0, 100_000).rows();
    int all = writers * IntStream.range(0, batches).map(i -> 1 + i % 7).sum();
    assertThat(rows.stream().map(FeedReader.Numbered::position))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, all).boxed().toList());
    assertThat(rows.stream().map(FeedReader.Numbered::key).distinct()).hasSize(all);
    assertThat(positions().head(Feed.EVENTS)).isEqualTo(new FeedReader.Head(all, 0));
    assertThat(positions().head(Feed.SEARCHES).last()).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM feed_outbox")).isZero();
  }

  @Test
  void anUncommittedRowHasNoPositionAndDelaysNoOthers() {
    TransactionOperations<Connection> transactions = transactions();
    Outbox outbox = one.getBean(Outbox.class);
    transactions.executeWrite(
        status -> {
          outbox.add(Feed.EVENTS, rows(1, 1));
          // On another thread, because here it would be the same transaction.
          CompletableFuture.runAsync(
                  () -> {
                    write(2, 1);
                    other.getBean(Sequencer.class).run();
                    assertThat(ids()).containsExactly(2L);
                  })
              .join();
          return null;
        });
    other.getBean(Sequencer.class).run();
    assertThat(ids()).containsExactly(2L, 1L);
  }

  @Test
  void aBatchThatWasNotTakenOutOfTheOutboxGetsNoSecondPosition() throws SQLException {
    write(1, 3);
    execute("CREATE TABLE aside AS SELECT * FROM feed_outbox");
    one.getBean(Sequencer.class).run();
    execute("INSERT INTO feed_outbox SELECT * FROM aside");
    write(7, 1);
    other.getBean(Sequencer.class).run();
    assertThat(ids()).containsExactly(1L, 2L, 3L, 7L);
    assertThat(number(url, "SELECT COUNT(*) FROM feed_outbox")).isZero();
  }

  @Test
  void aReaderMayBeginInTheMiddleOfABatchAndReadsNoMoreThanItAsksFor() {
    write(1, 5);
    write(11, 5);
    one.getBean(Sequencer.class).run();
    var page = positions().after(Feed.EVENTS, 3, 4);
    assertThat(page.rows().stream().map(row -> row.key().id())).containsExactly(4L, 5L, 11L, 12L);
    assertThat(page.rows().get(0).position()).isEqualTo(4);
    assertThat(page.earliest()).isEqualTo(MOMENT);
    assertThat(positions().after(Feed.EVENTS, 10, 4).rows()).isEmpty();
  }

  @Test
  void oldPositionsAreForgottenAndTheHeadRemembersUpToWhich() throws SQLException {
    setAllCounted();
    write(1, 5);
    one.getBean(Sequencer.class).run();
    execute("UPDATE feed SET numbered_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE");
    write(11, 2);
    one.getBean(Sequencer.class).run();
    one.getBean(Sequencer.class).deleteOld();
    assertThat(positions().head(Feed.EVENTS)).isEqualTo(new FeedReader.Head(7, 5));
    assertThat(ids()).containsExactly(11L, 12L);
  }

  @Test
  void positionsAreKeptUntilTheirRowsAreCounted() throws SQLException {
    write(1, 5);
    write(11, 2);
    one.getBean(Sequencer.class).run();
    execute("UPDATE feed SET numbered_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE");
    execute("UPDATE rollup_head SET position = 6 WHERE feed = 2");
    one.getBean(Sequencer.class).deleteOld();
    assertThat(ids()).containsExactly(11L, 12L);
  }

  @Test
  void positionsAreForgottenWhileOthersWaitForTheirs() throws SQLException {
    setAllCounted();
    for (int i = 0; i < 3 * FeedRepository.CHUNK / 100; i++) {
      long first = 1_000 * i;
      transactions()
          .executeWrite(
              status -> {
                for (int n = 0; n < 100; n++) {
                  one.getBean(Outbox.class).add(Feed.EVENTS, rows(first + n, 1));
                }
                return null;
              });
    }
    one.getBean(Sequencer.class).run();
    execute("UPDATE feed SET numbered_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE");
    write(1_000_000, 2);
    one.getBean(Sequencer.class).deleteOld();
    assertThat(number(url, "SELECT COUNT(*) FROM feed")).isZero();
    assertThat(number(url, "SELECT COUNT(*) FROM feed_outbox")).isEqualTo(1);
    assertThat(positions().head(Feed.EVENTS)).isEqualTo(new FeedReader.Head(3_000, 3_000));
  }

  @Test
  void aBatchThatWasNotTakenOutOfTheOutboxKeepsItsPosition() throws SQLException {
    setAllCounted();
    write(1, 3);
    execute("CREATE TABLE aside AS SELECT * FROM feed_outbox");
    write(7, 1);
    one.getBean(Sequencer.class).run();
    execute("INSERT INTO feed_outbox SELECT * FROM aside");
    execute("UPDATE feed SET numbered_at = UTC_TIMESTAMP(3) - INTERVAL 61 MINUTE");
    one.getBean(Sequencer.class).deleteOld();
    assertThat(ids()).containsExactly(1L, 2L, 3L, 7L);
    one.getBean(Sequencer.class).run();
    one.getBean(Sequencer.class).deleteOld();
    assertThat(ids()).isEmpty();
  }

  private List<Long> ids() {
    return positions().after(Feed.EVENTS, 0, 1_000).rows().stream()
        .map(row -> row.key().id())
        .toList();
  }

  /** Writes rows in a transaction that takes some time to commit. */
  private void write(long firstId, int size) {
    transactions()
        .executeWrite(
            status -> {
              one.getBean(Outbox.class).add(Feed.EVENTS, rows(firstId, size));
              LockSupport.parkNanos(
                  ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(4)));
              return null;
            });
  }

  private static List<Outbox.Row> rows(long firstId, int size) {
    return LongStream.range(firstId, firstId + size)
        .mapToObj(id -> new Outbox.Row(new RowKey((int) (id % 64), id), MOMENT))
        .toList();
  }

  private FeedReader positions() {
    return one.getBean(FeedReader.class);
  }

  @SuppressWarnings("unchecked")
  private TransactionOperations<Connection> transactions() {
    return one.getBean(TransactionOperations.class);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      connection.createStatement().execute(sql);
    }
  }
}
