package dev.lastword.cli;

import dev.lastword.simulation.SimulatedRequest;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends the keystrokes of all sessions, each at its time. */
final class DemoTyping {

  private final LastwordClient client;
  private final List<DemoSession> sessions;

  DemoTyping(LastwordClient client, List<DemoSession> sessions) {
    this.client = client;
    this.sessions = sessions;
  }

  /**
   * Sends until all keystrokes are answered or have failed.
   *
   * @return the number of those that failed
   */
  int run(PrintWriter out) {
    int all = sessions.stream().mapToInt(session -> session.typed().requests().size()).sum();
    AtomicInteger answered = new AtomicInteger();
    List<CompletableFuture<Boolean>> requests = new ArrayList<>(all);
    Instant start = Instant.now();
    try (Progress progress = new Progress(out, "keystrokes", all)) {
      for (DemoSession session : sessions) {
        for (SimulatedRequest keystroke : session.typed().requests()) {
          Executor then =
              CompletableFuture.delayedExecutor(keystroke.arrives(), TimeUnit.MILLISECONDS);
          requests.add(
              CompletableFuture.supplyAsync(() -> session.keystroke(keystroke, start), then)
                  .thenCompose(client::log)
                  .whenComplete((accepted, error) -> progress.to(answered.incrementAndGet())));
        }
      }
      return (int) requests.stream().filter(request -> !request.join()).count();
    }
  }
}
