package dev.lastword.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.database.DatabaseError;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests group commit with a fast, slow, failing or dead database. */
class GroupCommitTest {
  private static final int FATAL = Integer.MIN_VALUE;

  private final Database database = new Database();
  private GroupCommit<Integer> lanes = lanes(Duration.ofSeconds(20));

  private GroupCommit<Integer> lanes(Duration maxWait) {
    return new GroupCommit<>("test", 2, maxWait, database, new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    database.gate.countDown();
    lanes.close();
  }

  /** Keeps committed rows; fails or waits on demand. */
  private static final class Database implements BatchWriter<Integer> {
    final List<List<Integer>> commits = new CopyOnWriteArrayList<>();
    final Set<Integer> broken = new HashSet<>();
    final Map<Object, Integer> space = new ConcurrentHashMap<>();
    volatile int room;
    final AtomicInteger roomMade = new AtomicInteger();
    volatile int maxRowsPerKey = Integer.MAX_VALUE;
    final Set<Object> locked = ConcurrentHashMap.newKeySet();
    final AtomicInteger lostAnswers = new AtomicInteger();
    final AtomicInteger failuresToSettle = new AtomicInteger();
    final AtomicInteger failuresToLook = new AtomicInteger();

    /** By lane: like table {@code lane_commit}. */
    final Map<Integer, Long> noted = new ConcurrentHashMap<>();

    final Set<Integer> bad = new HashSet<>();
    final AtomicInteger failures = new AtomicInteger();
    volatile SQLException failure = new SQLException("Deadlock found", "40001", 1213);
    volatile CountDownLatch gate = new CountDownLatch(0);
    final AtomicInteger waiting = new AtomicInteger();
    volatile Duration pause = Duration.ZERO;

    @Override
    public void write(BatchNumber number, List<Integer> rows) {
      waiting.incrementAndGet();
      try {
        gate.await();
        Thread.sleep(pause.toMillis());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("wrapped", failure);
      }
      if (rows.stream().anyMatch(bad::contains)) {
        throw new IllegalStateException(
            "wrapped", new SQLException("Data too long", "22001", 1406));
      }
      if (rows.stream().anyMatch(broken::contains)) {
        throw new IllegalStateException("not from the database");
      }
      if (rows.contains(FATAL)) {
        throw new StackOverflowError();
      }
      if (rows.stream().anyMatch(row -> locked.contains(row % 1_000))) {
        throw new IllegalStateException(
            "wrapped", new SQLException("Lock wait timeout exceeded", "HY000", 1205));
      }
      Map<Object, Long> needed =
          rows.stream().collect(Collectors.groupingBy(row -> row % 1_000, Collectors.counting()));
      if (space.entrySet().stream()
          .anyMatch(key -> needed.getOrDefault(key.getKey(), 0L) > key.getValue())) {
        throw new IllegalStateException("wrapped", new SQLException("Full", "22003", 1264));
      }
      space.replaceAll((key, left) -> left - needed.getOrDefault(key, 0L).intValue());
      if (noted.getOrDefault(number.lane(), 0L) >= number.value()) {
        throw new IllegalStateException("The number is not greater than that of the last batch");
      }
      noted.put(number.lane(), number.value());
      commits.add(List.copyOf(rows));
      if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("wrapped", new SQLException("No answer", "08S01"));
      }
    }

    @Override
    public boolean settle(BatchNumber number) {
      if (failuresToSettle.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("wrapped", new SQLException("No answer", "08S01"));
      }
      return noted.merge(
              number.lane(),
              number.fence(),
              (there, fence) -> there == number.value() ? there : fence)
          == number.value();
    }

    @Override
    public Collection<?> keys(Integer row) {
      return List.of(row % 1_000);
    }

    @Override
    public int maxRowsPerKey() {
      return maxRowsPerKey;
    }

    @Override
    public boolean makeRoom(List<Integer> rows, RuntimeException error) {
      if (!DatabaseError.isOutOfRange(error)) {
        return false;
      }
      roomMade.incrementAndGet();
      if (failuresToLook.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("wrapped", new SQLException("No answer", "08S01"));
      }
      rows.forEach(row -> space.computeIfPresent(row % 1_000, (key, left) -> Math.max(left, room)));
      return true;
    }

    @Override
    public Set<Object> locked(Collection<?> keys) {
      if (failuresToLook.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("wrapped", new SQLException("No answer", "08S01"));
      }
      Set<Object> found = new HashSet<>(keys);
      found.retainAll(locked);
      return found;
    }

    @Override
    public int bytes(Integer row) {
      return row < 0 ? 1 << 19 : 1; // a negative row is half a mebibyte
    }

    List<Integer> rows() {
      return commits.stream().flatMap(List::stream).toList();
    }
  }

  @Test
  void aBatchIsDividedSoThatNoKeyIsNeededTooOften() throws Exception {
    database.maxRowsPerKey = 3;
    List<Integer> rows = List.of(1, 1_001, 2, 2_001, 3_001, 4_001, 5_001, 6_001, 7_001, 2_002);
    awaitAll(addBehindAnother(rows));
    assertThat(database.rows()).containsExactlyInAnyOrderElementsOf(rowsAnd(rows, 5));
    assertThat(database.commits)
        .allSatisfy(
            commit ->
                assertThat(
                        commit.stream().collect(Collectors.groupingBy(row -> row % 1_000)).values())
                    .allMatch(ofOne -> ofOne.size() <= 3));
    assertThat(database.rows().stream().filter(row -> row % 1_000 == 1))
        .containsExactly(1, 1_001, 2_001, 3_001, 4_001, 5_001, 6_001, 7_001);
  }

  @Test
  void roomIsMadeForRowsThatFindNone() throws Exception {
    database.maxRowsPerKey = 3;
    database.room = 3;
    database.space.put(1, 1);
    List<Integer> rows = List.of(1, 1_001, 2, 2_001, 3_001, 4_001, 5_001, 6_001, 7_001, 2_002);
    awaitAll(addBehindAnother(rows));
    assertThat(database.rows()).containsExactlyInAnyOrderElementsOf(rowsAnd(rows, 5));
    assertThat(database.rows().stream().filter(row -> row % 1_000 == 1))
        .containsExactly(1, 1_001, 2_001, 3_001, 4_001, 5_001, 6_001, 7_001);
    assertThat(database.roomMade.get()).isGreaterThan(1);
  }

  @Test
  void whereNoRoomCanBeMadeOnlyTheRowsThatNeedItFail() throws Exception {
    database.space.put(1, 1);
    var commits = addBehindAnother(List.of(1, 2, 1_001, 3));
    for (int i : List.of(0, 1, 3)) {
      commits.get(i).join();
    }
    assertThat(error(commits.get(2))).isInstanceOf(RejectedRowException.class);
  }

  @Test
  void whileNoRoomCanBeMadeTheRowsThatNeedItAreToBeSentAgain() throws Exception {
    database.space.put(1, 1);
    database.room = 3;
    database.failuresToLook.set(1_000);
    var commits = addBehindAnother(List.of(1, 2, 1_001, 3));
    for (int i : List.of(0, 1, 3)) {
      commits.get(i).join();
    }
    assertThat(error(commits.get(2))).isInstanceOf(UnavailableException.class);
  }

  /** Adds rows while another one (5) is written, so that they are a batch. */
  private List<CompletableFuture<Void>> addBehindAnother(List<Integer> rows) {
    database.gate = new CountDownLatch(1);
    lanes.add(0, 5);
    await().until(() -> database.waiting.get() == 1);
    var commits = lanes.addAll(rows, row -> 0);
    database.gate.countDown();
    return commits;
  }

  private static void awaitAll(List<CompletableFuture<Void>> commits) {
    commits.forEach(CompletableFuture::join);
  }

  private static List<Integer> rowsAnd(List<Integer> rows, int another) {
    List<Integer> all = new ArrayList<>(rows);
    all.add(another);
    return all;
  }

  @Test
  void aLoneRowIsCommittedAtOnce() {
    lanes.add(0, 7).join();
    assertThat(database.commits).containsExactly(List.of(7));
  }

  @Test
  void whatWaitsDuringACommitSharesTheNextOne() {
    database.gate = new CountDownLatch(1);
    var first = lanes.add(0, 0);
    await().until(() -> database.waiting.get() == 1);
    var others = IntStream.rangeClosed(1, 600).mapToObj(row -> lanes.add(0, row)).toList();
    database.gate.countDown();
    first.join();
    others.forEach(CompletableFuture::join);
    assertThat(database.commits.stream().map(List::size)).containsExactly(1, 512, 80, 8);
    assertThat(database.rows()).isEqualTo(IntStream.rangeClosed(0, 600).boxed().toList());
  }

  @Test
  void aBatchStaysBelowAMebibyte() {
    database.gate = new CountDownLatch(1);
    var first = lanes.add(0, 0);
    await().until(() -> database.waiting.get() == 1);
    var others = IntStream.rangeClosed(1, 4).mapToObj(row -> lanes.add(0, -row)).toList();
    database.gate.countDown();
    first.join();
    others.forEach(CompletableFuture::join);
    assertThat(database.commits).containsExactly(List.of(0), List.of(-1, -2), List.of(-3, -4));
  }

  @Test
  void rowsOfABucketKeepTheirOrderUnderManyCallers() throws Exception {
    var callers = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<Void>> all = new CopyOnWriteArrayList<>();
      var running =
          IntStream.range(0, 8)
              .mapToObj(
                  caller ->
                      callers.submit(
                          () -> {
                            for (int i = 0; i < 1_000; i++) {
                              all.add(lanes.add(caller, caller * 10_000 + i));
                            }
                          }))
              .toList();
      for (var one : running) {
        one.get();
      }
      all.forEach(CompletableFuture::join);
    } finally {
      callers.shutdown();
    }
    for (int caller = 0; caller < 8; caller++) {
      int mine = caller;
      assertThat(database.rows().stream().filter(row -> row / 10_000 == mine).toList())
          .isEqualTo(IntStream.range(0, 1_000).map(i -> mine * 10_000 + i).boxed().toList());
    }
  }

  @Test
  void aDeadlockIsTriedAgain() {
    database.failures.set(3);
    lanes.add(0, 7).join();
    assertThat(database.rows()).containsExactly(7);
  }

  @Test
  void aDatabaseThatComesBackInTimeLosesNothing() {
    database.failure = new SQLNonTransientConnectionException("Connection refused", "08S01");
    database.failures.set(5);
    var rows = IntStream.range(0, 10).mapToObj(row -> lanes.add(0, row)).toList();
    rows.forEach(CompletableFuture::join);
    assertThat(database.rows()).isEqualTo(IntStream.range(0, 10).boxed().toList());
  }

  @Test
  void aBadRowFailsAloneAndTheOthersAreCommittedOnce() {
    database.bad.addAll(List.of(3, 200));
    database.gate = new CountDownLatch(1);
    var rows = new ArrayList<CompletableFuture<Void>>();
    rows.add(lanes.add(0, 0));
    await().until(() -> database.waiting.get() == 1);
    IntStream.rangeClosed(1, 250).forEach(row -> rows.add(lanes.add(0, row)));
    database.gate.countDown();
    var good =
        IntStream.rangeClosed(0, 250).boxed().filter(row -> !database.bad.contains(row)).toList();
    good.forEach(row -> rows.get(row).join());
    assertThat(database.rows()).isEqualTo(good);
    assertThat(error(rows.get(3))).isInstanceOf(RejectedRowException.class);
    assertThat(error(rows.get(200))).isInstanceOf(RejectedRowException.class);
  }

  @Test
  void aDatabaseThatStaysAwayIsReportedWhenTheLongestWaitIsOver() {
    lanes.close();
    lanes = lanes(Duration.ofMillis(300));
    database.failure = new SQLNonTransientConnectionException("Connection refused", "08S01");
    database.failures.set(Integer.MAX_VALUE);
    assertThat(error(lanes.add(0, 7))).isInstanceOf(UnavailableException.class);
    database.failures.set(0);
    lanes.add(0, 8).join();
    assertThat(database.rows()).containsExactly(8);
  }

  @Test
  void requestsToAHangingDatabaseAreAnswered() {
    lanes.close();
    lanes = lanes(Duration.ofMillis(300));
    database.gate = new CountDownLatch(1);
    var underWay = lanes.add(0, 1);
    await().until(() -> database.waiting.get() == 1);
    var queued = lanes.add(0, 2);
    assertThat(error(underWay)).isInstanceOf(UnavailableException.class);
    assertThat(error(queued)).isInstanceOf(UnavailableException.class);
    database.gate.countDown();
    lanes.add(0, 3).join();
    // The row in flight may be committed; the row that failed in the queue is not.
    assertThat(database.rows()).containsExactly(1, 3);
  }

  @Test
  void aFullQueueIsSaidAtOnce() {
    database.gate = new CountDownLatch(1);
    var first = lanes.add(0, -1);
    await().until(() -> database.waiting.get() == 1);
    var queued = IntStream.range(0, 10_000).mapToObj(row -> lanes.add(0, row)).toList();
    var tooMuch = lanes.add(0, 10_000);
    assertThat(tooMuch).isCompletedExceptionally();
    assertThat(error(tooMuch)).isInstanceOf(UnavailableException.class);
    var other = lanes.add(1, 5);
    assertThat(other).isNotCompletedExceptionally();
    database.gate.countDown();
    first.join();
    queued.forEach(CompletableFuture::join);
    other.join();
  }

  @Test
  void closingWritesWhatWaitsAndTakesNothingNew() {
    database.gate = new CountDownLatch(1);
    var rows = IntStream.range(0, 1_000).mapToObj(row -> lanes.add(row, row)).toList();
    var closing = CompletableFuture.runAsync(lanes::close);
    await().until(() -> lanes.add(0, -9).isCompletedExceptionally());
    database.gate.countDown();
    closing.join();
    assertThat(rows).allSatisfy(row -> assertThat(row).isCompleted());
    long written = database.rows().stream().filter(row -> row >= 0).distinct().count();
    assertThat(written).isEqualTo(1_000);
  }

  @Test
  void aBatchWhoseAnswerWasLostIsNotWrittenAgain() {
    database.lostAnswers.set(1);
    lanes.add(0, 7).join();
    lanes.add(0, 8).join();
    assertThat(database.commits).containsExactly(List.of(7), List.of(8));
  }

  @Test
  void aBatchInDoubtIsNotWrittenBeforeTheDatabaseTellsWhatBecameOfIt() {
    database.lostAnswers.set(1);
    database.failuresToSettle.set(3);
    lanes.add(0, 7).join();
    assertThat(database.commits).containsExactly(List.of(7));
    assertThat(database.failuresToSettle).hasValue(0);
  }

  @Test
  void aBadRowIsFoundAfterALostConnectionToo() {
    database.bad.add(3);
    database.failure = new SQLNonTransientConnectionException("Connection reset", "08S01");
    database.gate = new CountDownLatch(1);
    var first = lanes.add(0, 0);
    await().until(() -> database.waiting.get() == 1);
    var rows = IntStream.rangeClosed(1, 4).mapToObj(row -> lanes.add(0, row)).toList();
    database.failures.set(2);
    database.gate.countDown();
    first.join();
    assertThat(error(rows.get(2))).isInstanceOf(RejectedRowException.class);
    rows.stream().filter(row -> row != rows.get(2)).forEach(CompletableFuture::join);
    assertThat(database.rows()).containsExactly(0, 1, 2, 4);
  }

  @Test
  void aRowThatFailsForNoReasonOfTheDatabaseIsUnavailableAloneAndSoon() {
    database.broken.add(3);
    database.gate = new CountDownLatch(1);
    var first = lanes.add(0, 0);
    await().until(() -> database.waiting.get() == 1);
    var rows = IntStream.rangeClosed(1, 250).mapToObj(row -> lanes.add(0, row)).toList();
    database.gate.countDown();
    first.join();
    assertThat(error(rows.get(2))).isInstanceOf(UnavailableException.class);
    rows.stream().filter(row -> row != rows.get(2)).forEach(CompletableFuture::join);
    assertThat(database.rows())
        .isEqualTo(IntStream.rangeClosed(0, 250).filter(row -> row != 3).boxed().toList());
  }

  @Test
  void rowsWhoseKeyIsLockedWaitAsideInTheirOrderAndTheOthersAreCommitted() {
    database.locked.add(7);
    var waiting = IntStream.of(7, 1_007, 2_007).mapToObj(row -> lanes.add(0, row)).toList();
    IntStream.range(10, 300).mapToObj(row -> lanes.add(0, row)).forEach(CompletableFuture::join);
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    database.locked.clear();
    var next = lanes.add(0, 3_007);
    waiting.forEach(CompletableFuture::join);
    next.join();
    assertThat(database.rows().stream().filter(row -> row % 1_000 == 7))
        .containsExactly(7, 1_007, 2_007, 3_007);
  }

  @Test
  void aFailedLockCheckLosesNothing() {
    database.locked.add(7);
    database.failuresToLook.set(2);
    var waiting = lanes.add(0, 7);
    await().until(() -> database.failuresToLook.get() == 0);
    assertThat(waiting).isNotDone();
    database.locked.clear();
    waiting.join();
    assertThat(database.rows()).containsExactly(7);
  }

  @Test
  void aRowWhoseKeyStaysLockedIsAnsweredWhenTheLongestWaitIsOver() {
    lanes.close();
    lanes = lanes(Duration.ofMillis(300));
    database.locked.add(7);
    assertThat(error(lanes.add(0, 7))).isInstanceOf(UnavailableException.class);
    assertThat(lanes.problem()).isNull();
  }

  @Test
  void anErrorOfTheVirtualMachineEndsNoLane() {
    assertThat(error(lanes.add(0, FATAL))).isInstanceOf(UnavailableException.class);
    lanes.add(0, 1).join();
    assertThat(lanes.problem()).isNull();
  }

  @Test
  void aLaneThatWritesNothingForLongerThanTheLongestWaitIsAProblem() {
    lanes.close();
    lanes = lanes(Duration.ofMillis(200));
    assertThat(lanes.problem()).isNull();
    database.gate = new CountDownLatch(1);
    var row = lanes.add(1, 7);
    await().until(() -> "test: lane 1 writes nothing".equals(lanes.problem()));
    assertThat(error(row)).isInstanceOf(UnavailableException.class);
    database.gate.countDown();
    await().until(() -> lanes.problem() == null);
    lanes.close();
    await().until(() -> "test: lane 0 has ended".equals(lanes.problem()));
  }

  @Test
  void rowsThatBelongTogetherAreTakenAllOrNotAtAll() {
    database.gate = new CountDownLatch(1);
    var first = List.of(lanes.add(0, -1), lanes.add(1, -1));
    await().until(() -> database.waiting.get() == 2);
    var most = lanes.addAll(IntStream.range(0, 19_999).boxed().toList(), row -> row);
    assertThat(most).noneMatch(CompletableFuture::isDone);
    // Lane 0 is full, lane 1 has space for one row.
    var tooMany = lanes.addAll(List.of(1, 2, 3), row -> row);
    assertThat(tooMany).allMatch(CompletableFuture::isCompletedExceptionally);
    var last = lanes.add(1, 20_001);
    database.gate.countDown();
    first.forEach(CompletableFuture::join);
    most.forEach(CompletableFuture::join);
    last.join();
    assertThat(database.rows()).hasSize(20_002);
  }

  @Test
  void whatTheNextBatchesCanTakeIsTakenHoweverFarTheDatabaseIs() {
    lanes.close();
    lanes = lanes(Duration.ofSeconds(2));
    database.pause = Duration.ofMillis(200); // for one row as for 512
    IntStream.range(0, 20).forEach(row -> lanes.add(0, row).join());
    var taken = IntStream.range(0, 2_000).mapToObj(row -> lanes.add(0, row)).toList();
    taken.forEach(CompletableFuture::join);
  }

  @Test
  void whatWouldHaveToWaitForTooLongIsNotTaken() {
    lanes.close();
    lanes = lanes(Duration.ofSeconds(2));
    database.pause = Duration.ofMillis(200);
    IntStream.range(0, 20).forEach(row -> lanes.add(0, row).join());
    var taken = lanes.addAll(IntStream.range(0, 2_000).boxed().toList(), row -> 0);
    var refused = lanes.addAll(IntStream.range(0, 5_000).boxed().toList(), row -> 0);
    assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
    taken.forEach(CompletableFuture::join);
  }

  @Test
  void whatWouldHaveToWaitForTooManyBytesIsNotTaken() {
    lanes.close();
    lanes = lanes(Duration.ofSeconds(2));
    database.pause = Duration.ofMillis(200);
    IntStream.range(0, 20).forEach(row -> lanes.add(0, row).join());
    // Two of these rows are a batch.
    var taken = lanes.addAll(IntStream.range(0, 8).mapToObj(row -> -1).toList(), row -> 0);
    var refused = lanes.addAll(IntStream.range(0, 20).mapToObj(row -> -1).toList(), row -> 0);
    assertThat(refused).allMatch(CompletableFuture::isCompletedExceptionally);
    taken.forEach(CompletableFuture::join);
  }

  private static Throwable error(CompletableFuture<Void> row) {
    try {
      row.join();
      throw new AssertionError("The row was committed");
    } catch (CompletionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
