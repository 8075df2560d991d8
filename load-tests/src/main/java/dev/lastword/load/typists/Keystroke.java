package dev.lastword.load.typists;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lastword.simulation.SimulatedRequest;
import java.time.Instant;

/** A request of a person's page. */
record Keystroke(Person person, SimulatedRequest delivery) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns when to send it, in milliseconds since the run began. */
  long at() {
    return person.arrives(delivery);
  }

  /**
   * Returns the body.
   *
   * @param start when the run began
   */
  byte[] body(Instant start) {
    ObjectNode body =
        JSON.createObjectNode()
            .put("keyword", delivery.text())
            .put("session_id", person.session())
            .put("user_id", person.user())
            .put("typed_at", start.plusMillis(person.comes() + delivery.typed()).toString())
            .put("submitted", delivery.submitted());
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
