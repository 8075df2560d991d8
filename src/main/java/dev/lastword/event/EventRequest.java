package dev.lastword.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * A request with events.
 *
 * @param lines whether the body is NDJSON
 * @param onDuplicate the query parameter of that name
 */
record EventRequest(
    IngestEndpoint endpoint, boolean lines, byte[] body, @Nullable String onDuplicate) {

  /**
   * @return SHA-256 of the whole request
   */
  byte[] digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          "%s %s %s\n".formatted(endpoint, lines, onDuplicate).getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
