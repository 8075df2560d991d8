package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.LastwordProcess;
import dev.lastword.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FirstConnectionTest {

  private final DatabaseAddress database =
      DatabaseAddress.parse(TestDatabase.createEmpty(), null, null);

  @Test
  @Timeout(60)
  void aDatabaseThatIsNotThereYetIsWaitedFor() throws Exception {
    URI server = URI.create(database.url().substring("jdbc:".length()));
    int port = LastwordProcess.freePort();
    var elsewhere =
        new DatabaseAddress(
            database.url().replace(server.getAuthority(), "127.0.0.1:" + port),
            database.user(),
            database.password());
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> FirstConnection.await(elsewhere));
    assertThatThrownBy(() -> waiting.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    try (var listener = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
      Thread relay = new Thread(() -> relay(listener, server));
      relay.setDaemon(true);
      relay.start();
      waiting.join();
    }
  }

  @Test
  void aWrongPasswordIsReportedAtOnceWithoutThePassword() {
    assertThatThrownBy(
            () ->
                FirstConnection.await(new DatabaseAddress(database.url(), "nobody-here", "geheim")))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("nobody-here")
        .hasMessageContaining("LASTWORD_DB_PASSWORD")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void anOptionThatTheDriverCannotUseIsReportedAtOnce() {
    var nowhere =
        new DatabaseAddress(
            database.url().replace("connectionTimeZone=UTC", "connectionTimeZone=Nowhere"),
            database.user(),
            database.password());
    assertThatThrownBy(() -> FirstConnection.await(nowhere))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("refuses: Unknown time-zone ID: Nowhere");
  }

  @Test
  void aMissingDatabaseIsReportedAtOnce() {
    var missing =
        new DatabaseAddress(
            database.url().replaceFirst("/lastword_test\\w+", "/not_there"),
            database.user(),
            database.password());
    assertThatThrownBy(() -> FirstConnection.await(missing))
        .isInstanceOf(DatabaseFailure.class)
        .hasMessageContaining("The server has no database")
        .hasMessageContaining("/not_there");
  }

  /** Relays between clients of the listener and the server. */
  private static void relay(ServerSocket listener, URI server) {
    while (!listener.isClosed()) {
      try {
        Socket here = listener.accept();
        Socket there = new Socket(server.getHost(), server.getPort());
        pump(here, there);
        pump(there, here);
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    Thread thread =
        new Thread(
            () -> {
              try (from;
                  to) {
                from.getInputStream().transferTo(to.getOutputStream());
              } catch (IOException e) {
                // one side has closed, so the other closes
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
