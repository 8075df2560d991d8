package dev.lastword.stream;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.LogRow;
import dev.lastword.TestDatabase;
import dev.lastword.feed.Feed;
import dev.lastword.feed.Outbox;
import dev.lastword.stream.StreamClient.Frame;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.transaction.TransactionOperations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of two nodes on one database. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamTest {

  private static final LocalDateTime MOMENT = LocalDateTime.of(2025, 10, 12, 0, 0);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String url = TestDatabase.create();
  private final List<EmbeddedServer> nodes = new ArrayList<>();
  private final AtomicLong ids = new AtomicLong();

  private EmbeddedServer node(Object... more) {
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    settings.put("lastword.debounce", "1s");
    settings.put("lastword.stream.heartbeat", "300ms");
    for (int i = 0; i < more.length; i += 2) {
      settings.put((String) more[i], more[i + 1]);
    }
    EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings);
    nodes.add(node);
    return node;
  }

  @AfterEach
  void end() {
    nodes.forEach(EmbeddedServer::close);
  }

  @Test
  void allReadersSeeEachRowOnceInOneOrderOnWhicheverNodesTheyRead() throws Exception {
    int writers = 4;
    int each = 300;
    int all = writers * each;
    URI one = node().getURI();
    URI other = node().getURI();
    var threads = Executors.newFixedThreadPool(writers + 3);
    try (StreamClient steady = StreamClient.open(one, "/events/stream", null);
        StreamClient late = StreamClient.open(other, "/events/stream", "0")) {
      Future<List<String>> hopping = threads.submit(() -> readWithHops(List.of(one, other), all));
      Future<List<String>> reading = threads.submit(() -> read(steady, all));
      Future<List<String>> readingLate = threads.submit(() -> read(late, all));
      List<Future<?>> writing = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        EmbeddedServer node = nodes.get(writer % 2);
        writing.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      for (int written = 0; written < each; written += 3) {
                        write(node, 3, "t", "x");
                      }
                      return null;
                    }));
      }
      for (Future<?> writer : writing) {
        writer.get();
      }
      List<String> seen = reading.get();
      assertThat(seen).doesNotHaveDuplicates().hasSize(all);
      assertThat(hopping.get()).isEqualTo(seen);
      assertThat(readingLate.get()).isEqualTo(seen);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> read(StreamClient client, int count) {
    List<String> rows = new ArrayList<>();
    while (rows.size() < count) {
      rows.add(rowOf(client.row()));
    }
    return rows;
  }

  /** Disconnects after every few rows, and reconnects to the other node. */
  private static List<String> readWithHops(List<URI> servers, int count) {
    List<String> rows = new ArrayList<>();
    String last = "0";
    for (int hop = 0; rows.size() < count; hop++) {
      try (var client = StreamClient.open(servers.get(hop % 2), "/events/stream", last)) {
        int stay = ThreadLocalRandom.current().nextInt(1, 120);
        for (int i = 0; i < stay && rows.size() < count; i++) {
          Frame frame = client.row();
          rows.add(rowOf(frame));
          last = Objects.requireNonNull(frame.id());
        }
      }
    }
    return rows;
  }

  private static String rowOf(Frame frame) {
    return frame.id() + ":" + Objects.requireNonNull(frame.data()).substring(0, 30);
  }

  @Test
  void searchesAreStreamedAsTheyArePromoted() throws SQLException {
    EmbeddedServer node = node();
    try (var client = StreamClient.open(node.getURI(), "/searches/stream", null)) {
      execute(
          """
          INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                      last_seen)
          VALUES (1, 1, 's', 'Berlin', 'berlin', 6, 1, '2025-10-12')
          """);
      assertThat(client.row().data()).startsWith("{\"id\":").contains("\"keyword\":\"Berlin\"");
    }
  }

  @Test
  void anAmendedSearchIsSentAgainUnderItsId() throws SQLException {
    EmbeddedServer node = node();
    try (var client = StreamClient.open(node.getURI(), "/searches/stream", null)) {
      stage("Berl");
      var first = client.row();
      stage("Berlin");
      var second = client.row();
      assertThat(id(second)).isEqualTo(id(first));
      assertThat(first.data()).contains("\"keyword\":\"Berl\"", "\"revision\":0");
      assertThat(second.data()).contains("\"keyword\":\"Berlin\"", "\"revision\":1");
    }
    // One who reads it later gets what it is now, once.
    try (var late = StreamClient.open(node.getURI(), "/searches/stream", "0")) {
      assertThat(late.row().data()).contains("\"keyword\":\"Berlin\"", "\"revision\":1");
      stage("Berlin hotel");
      assertThat(late.row().data()).contains("\"revision\":2");
    }
  }

  private static String id(Frame row) {
    return Objects.requireNonNull(row.data()).replaceAll("^\\{\"id\":\"(\\d+)\".*", "$1");
  }

  /** Stages a text whose window has passed. */
  private void stage(String text) throws SQLException {
    execute(
        """
        INSERT INTO search_staging (bucket, tenant_id, session_id, keyword, folded, shown_length, first_length,
                                    last_seen)
        VALUES (1, 1, 's', '%1$s', LOWER('%1$s'), %2$d, 1, UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE)
        """
            .formatted(text, text.length()));
  }

  @Test
  void eventsAreStreamedAsTheyAreStored() throws Exception {
    EmbeddedServer node = node();
    try (var client = StreamClient.open(node.getURI(), "/events/stream", null)) {
      String body = "[{\"topic\":\"t\",\"event_id\":\"1\"},{\"topic\":\"t\",\"event_id\":\"1\"}]";
      var post =
          HttpRequest.newBuilder(node.getURI().resolve("/events"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body));
      for (int i = 0; i < 2; i++) {
        assertThat(CLIENT.send(post.build(), BodyHandlers.discarding()).statusCode())
            .isEqualTo(202);
      }
      assertThat(client.row().data()).contains("\"event_id\":\"1\"");
      write(node, 1, "t", "the next");
      assertThat(client.row().data()).contains("the next");
    }
  }

  @Test
  void aReaderOfOneTopicSeesNoOtherYetStaysWhereAllAre() {
    EmbeddedServer node = node();
    try (var client = StreamClient.open(node.getURI(), "/events/stream?topic=a", null)) {
      write(node, 2, "b", "x");
      write(node, 1, "a", "x");
      Frame row = client.row();
      assertThat(row.id()).isEqualTo("3");
      assertThat(row.data()).contains("\"topic\":\"a\"");
      write(node, 4, "b", "x");
      Frame beat;
      do {
        beat = Objects.requireNonNull(client.next());
        assertThat(beat.data()).isNull();
        assertThat(beat.text()).startsWith(": heartbeat");
      } while (!"7".equals(beat.id()));
    }
  }

  @Test
  void rowsOfOthersAndRowsThatWereErasedAreLeftOut() throws SQLException {
    EmbeddedServer node = node();
    write(node, 5, "t", "x");
    await().until(() -> number(url, "SELECT last_position FROM feed_head WHERE feed = 2") == 5);
    execute("DELETE FROM event_log WHERE id = 2");
    execute("UPDATE event_log SET tenant_id = 2 WHERE id = 3");
    try (var client = StreamClient.open(node.getURI(), "/events/stream", "0")) {
      assertThat(List.of(client.row().id(), client.row().id(), client.row().id()))
          .containsExactly("1", "4", "5");
    }
  }

  @Test
  void aSlowClientIsDroppedWithAReasonAndMayReconnect() throws IOException {
    EmbeddedServer node = node("lastword.stream.window", 1000);
    int rows = 2_500;
    String large = "x".repeat(4_000);
    try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), node.getPort());
        var fast = StreamClient.open(node.getURI(), "/events/stream", null)) {
      slow.getOutputStream()
          .write(
              "GET /events/stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      slow.getInputStream().readNBytes(100);
      for (int written = 0; written < rows; written += 500) {
        write(node, 500, "t", large);
        assertThat(read(fast, 500)).hasSize(500);
      }
      String seen = restOf(slow);
      assertThat(seen).contains("event: dropped", StreamSubscriber.TOO_SLOW).endsWith("0\r\n\r\n");
      String lastId =
          Objects.requireNonNull(Frame.of(seen.substring(seen.indexOf("event: dropped"))).id());
      long last = Long.parseLong(lastId);
      assertThat(seen).contains("id: " + last + "\ndata: {\"id\"");
      assertThat(last).isBetween(1L, (long) rows - 1_000);
      try (var again = StreamClient.open(node.getURI(), "/events/stream", lastId)) {
        assertThat(again.row().id()).isEqualTo(String.valueOf(last + 1));
        assertThat(read(again, (int) (rows - last - 1))).isNotEmpty();
      }
    }
  }

  private static String restOf(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    var rest = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    while (!rest.toString(StandardCharsets.UTF_8).endsWith("0\r\n\r\n") || rest.size() == 0) {
      int read = socket.getInputStream().read(buffer);
      if (read < 0) {
        break;
      }
      rest.write(buffer, 0, read);
    }
    return rest.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", "1", "999999999999999999999"})
  void anIdThatWasNeverGivenIsRefused(String id) {
    URI node = node().getURI();
    assertThat(StreamClient.answer(node, "/searches/stream", id).statusCode()).isEqualTo(400);
    assertThat(StreamClient.answer(node, "/events/stream?last_event_id=" + id, null).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anIdThatIsTooOldIsGone() throws Exception {
    EmbeddedServer node = node();
    execute("UPDATE feed_head SET last_position = 9, dropped_position = 5 WHERE feed = 2");
    try (var body = StreamClient.answer(node.getURI(), "/events/stream", "4").body()) {
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
          .contains("\"status\":410", "no longer kept", "is 5.");
    }
    try (var client = StreamClient.open(node.getURI(), "/events/stream", "5")) {
      assertThat(Objects.requireNonNull(client.next()).id()).isEqualTo("5");
    }
  }

  @Test
  void aNodeTakesSoManyReadersAndNoMore() {
    EmbeddedServer node = node("lastword.stream.readers", 1);
    URI uri = node.getURI();
    try (var first = StreamClient.open(uri, "/events/stream", null)) {
      assertThat(first.next()).isNotNull();
      var refused = StreamClient.answer(uri, "/searches/stream", null);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    }
    // The node notices at the next heartbeat that the first has gone.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              var answer = StreamClient.answer(uri, "/events/stream", null);
              answer.body().close();
              return answer.statusCode() == 200;
            });
  }

  @Test
  void aTopicMustNotBeEmptyAndOtherParametersAreUnknown() {
    URI node = node().getURI();
    assertThat(StreamClient.answer(node, "/events/stream?topic=", null).statusCode())
        .isEqualTo(400);
    assertThat(StreamClient.answer(node, "/searches/stream?topic=a", null).statusCode())
        .isEqualTo(400);
  }

  /** Stores some events in one transaction, which takes some time to commit. */
  @SuppressWarnings("unchecked")
  private void write(EmbeddedServer node, int count, String topic, @Nullable String message) {
    ApplicationContext beans = node.getApplicationContext();
    TransactionOperations<Connection> transactions = beans.getBean(TransactionOperations.class);
    transactions.executeWrite(
        status -> {
          List<Outbox.Row> rows = insert(status.getConnection(), count, topic, message);
          beans.getBean(Outbox.class).add(Feed.EVENTS, rows);
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000));
          return null;
        });
  }

  private List<Outbox.Row> insert(
      Connection connection, int count, String topic, @Nullable String message) {
    try {
      List<LogRow> rows =
          IntStream.range(0, count)
              .mapToObj(i -> LogRow.event(topic).id(ids.incrementAndGet()).set("message", message))
              .toList();
      LogRow.insert(connection, rows);
      return LogRow.positions(rows);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url)) {
      connection.createStatement().execute(sql);
    }
  }
}
