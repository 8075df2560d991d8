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

  private final LastwordClient site;
  private final List<DemoSession> sessions;

  DemoTyping(LastwordClient site, List<DemoSession> sessions) {
    this.site = site;
    this.sessions = sessions;
  }

  /**
   * Sends until all keystrokes are answered or have failed.
   *
   * @return the number of those that failed
   */
  int run(PrintWriter out) {
    int all = sessions.stream().mapToInt(session -> session.typed().deliveries().size()).sum();
    AtomicInteger answered = new AtomicInteger();
    List<CompletableFuture<Boolean>> requests = new ArrayList<>(all);
    Instant start = Instant.now();
    try (Progress progress = new Progress(out, "keystrokes", all)) {
      for (DemoSession session : sessions) {
        for (SimulatedRequest delivery : session.typed().deliveries()) {
          Executor then =
              CompletableFuture.delayedExecutor(delivery.arrives(), TimeUnit.MILLISECONDS);
          requests.add(
              CompletableFuture.supplyAsync(() -> session.keystroke(delivery, start), then)
                  .thenCompose(site::log)
                  .whenComplete((taken, error) -> progress.to(answered.incrementAndGet())));
        }
      }
      return (int) requests.stream().filter(request -> !request.join()).count();
    }
  }
}
