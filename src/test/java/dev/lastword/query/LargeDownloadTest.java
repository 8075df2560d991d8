package dev.lastword.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastword.HttpCalls;
import dev.lastword.http.TimeRange;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Property;
import io.micronaut.data.connection.ConnectionOperations;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests downloads of more rows than should be in memory. */
@MicronautTest(transactional = false)
@Property(name = "lastword.jobs.enabled", value = "false")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeDownloadTest {

  private static final int MANY = 120_000;

  @Inject HttpCalls http;
  @Inject Rows rows;
  @Inject SearchReader reader;

  @Inject
  @Named("reads")
  ConnectionOperations<Connection> connections;

  @Inject EmbeddedServer server;
  @Inject MeterRegistry meters;

  private long lastPagesRead;

  @BeforeAll
  void insert() {
    rows.loggedMany(MANY);
  }

  @Test
  void aDownloadOfAnySizeIsWholeAndInOrder() {
    List<Long> ids =
        http.get("/searches", BodyHandlers.ofLines(), "Accept", "application/x-ndjson")
            .body()
            .map(line -> Long.parseLong(line.substring(7, line.indexOf('"', 7))))
            .toList();
    assertThat(ids).hasSize(MANY);
    for (int i = 0; i < MANY; i++) {
      assertThat(ids.get(i)).isEqualTo(MANY - 1 - i);
    }
  }

  @Test
  void aDownloadThatIsNotReadIsNotQueriedEither() throws IOException {
    long before = pagesRead();
    try (Socket socket = download()) {
      awaitStandstill();
      assertThat(pagesRead() - before).isBetween(1L, (long) MANY / LogResponses.CHUNK_ROWS / 2);
    }
    // The client has disconnected: nothing more is read for it.
    long stopped = pagesRead();
    await().during(Duration.ofSeconds(1)).until(() -> pagesRead() == stopped);
  }

  @Test
  void aDownloadThatFailsHalfwayDoesNotLookComplete() throws IOException {
    try (Socket socket = download()) {
      awaitStandstill();
      rows.execute("RENAME TABLE search_log TO search_log_away");
      try {
        assertThat(restOf(socket)).isNotEmpty().doesNotEndWith("0\r\n\r\n");
      } finally {
        rows.execute("RENAME TABLE search_log_away TO search_log");
      }
    }
  }

  /** Requests everything and reads only the first bytes. */
  private Socket download() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout(30_000);
    socket
        .getOutputStream()
        .write(
            "GET /searches HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    socket.getInputStream().readNBytes(1_000);
    return socket;
  }

  private static String restOf(Socket socket) throws IOException {
    var rest = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(rest);
    } catch (SocketException e) {
      // a reset does not look complete either
    }
    return rest.toString(StandardCharsets.UTF_8);
  }

  /** Waits until the server stops, because the buffers of sockets and server are full. */
  private void awaitStandstill() {
    await().atMost(Duration.ofSeconds(30)).during(Duration.ofSeconds(2)).until(this::hasStopped);
  }

  /** Runs on each database, because one that sorts by reading all rows would fail. */
  @ParameterizedTest
  @ValueSource(strings = {"", "u3", "s33", "keyword 7"})
  void aLatePageReadsHardlyMoreRowsThanItReturns(String whose) {
    String user = whose.startsWith("u") ? whose : null;
    String session = whose.startsWith("s") ? whose : null;
    String keyword = whose.startsWith("k") ? whose : null;
    var filter = new SearchFilter(1, user, session, keyword, null, null, new TimeRange(null, null));
    Cursor middle = new Cursor(Instant.parse("2025-09-01T01:40:00Z"), MANY / 2);
    long read =
        connections.executeRead(
            status -> {
              // The first statement on a table reads about the table, too.
              reader.page(filter, Order.NEWEST, middle, 0, 1, search -> true);
              long before = rowsRead(status.getConnection());
              List<LoggedSearch> page = new ArrayList<>();
              reader.page(filter, Order.NEWEST, middle, 0, 50, page::add);
              assertThat(page).hasSize(50);
              return rowsRead(status.getConnection()) - before;
            });
    assertThat(read).isBetween(50L, 250L);
  }

  private static long rowsRead(Connection connection) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW SESSION STATUS LIKE 'Handler_read%'")) {
      long sum = 0;
      while (rows.next()) {
        sum += rows.getLong(2);
      }
      return sum;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private boolean hasStopped() {
    long now = pagesRead();
    boolean same = now == lastPagesRead && now > 0;
    lastPagesRead = now;
    return same;
  }

  /** Returns the number of pages read: each borrows a connection once, and nothing else does. */
  private long pagesRead() {
    return meters.get("hikaricp.connections.usage").tag("pool", "reads").timer().count();
  }
}
