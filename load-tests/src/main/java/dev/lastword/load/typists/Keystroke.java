package dev.lastword.load.typists;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lastword.simulation.SimulatedRequest;
import java.time.Instant;

/** A request of a person's page. */
record Keystroke(Person person, SimulatedRequest request) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns when to send it, in milliseconds since the run began. */
  long at() {
    return person.arrives(request);
  }

  /**
   * Returns the body.
   *
   * @param start when the run began
   */
  byte[] body(Instant start) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("keyword", request.text())
            .put("session_id", person.session())
            .put("user_id", person.user())
            .put("typed_at", start.plusMillis(person.comes() + request.typed()).toString())
            .put("submitted", request.submitted());
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
