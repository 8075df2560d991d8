package dev.lastword.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Frames of a stream of server-sent events, as they go over the wire.
 *
 * <p>Every frame carries the position from which a reader continues, that of a heartbeat too: who
 * waits for a rare topic does not fall behind what is kept.
 */
final class SseFrames {

  private SseFrames() {}

  static byte[] hello(long position) {
    return text("retry: 1000\n: streaming\nid: " + position + "\n\n");
  }

  static byte[] heartbeat(long position) {
    return text(": heartbeat\nid: " + position + "\n\n");
  }

  /** Returns the last frame of a reader that the stream does not wait for. */
  static byte[] dropped(long position, String reason) {
    return text("event: dropped\nid: " + position + "\ndata: {\"reason\":\"" + reason + "\"}\n\n");
  }

  /** Returns what a reader wants of a page; a heartbeat if that is nothing. */
  static byte[] of(StreamPage page, StreamFilter wanted) {
    List<StreamEntry> entries = page.entries().stream().filter(wanted::wants).toList();
    if (entries.isEmpty()) {
      return heartbeat(page.through());
    }
    var bytes = new ByteArrayOutputStream();
    entries.forEach(entry -> bytes.writeBytes(entry.frame()));
    return bytes.toByteArray();
  }

  /** Returns the frame of one row; JSON as the mapper writes it holds no line feed. */
  static byte[] row(long position, byte[] json) {
    var bytes = new ByteArrayOutputStream(json.length + 40);
    bytes.writeBytes(("id: " + position + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(json);
    bytes.write('\n');
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
