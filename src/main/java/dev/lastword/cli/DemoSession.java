package dev.lastword.cli;

import dev.lastword.simulation.SimulatedRequest;
import dev.lastword.simulation.SimulatedSession;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A simulated session with a unique id, so that runs do not mix in the log. */
record DemoSession(String id, @Nullable String userId, SimulatedSession typed) {

  /** Every second typist is logged in. */
  static DemoSession of(int typist, SimulatedSession typed) {
    String id = "demo-%02d-%.8s".formatted(typist, UUID.randomUUID());
    return new DemoSession(id, typist % 2 == 0 ? "demo-user-" + typist : null, typed);
  }

  LastwordClient.Keystroke keystroke(SimulatedRequest request, Instant start) {
    return new LastwordClient.Keystroke(
        request.text(), id, userId, start.plusMillis(request.typed()), request.submitted());
  }
}
