package dev.lastword.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Encodes the frames of server-sent events.
 *
 * <p>Every frame has the position to resume from, even a heartbeat, so that a subscriber of a rare
 * topic does not fall behind the retention of positions.
 */
final class SseFrames {

  private SseFrames() {}

  static byte[] hello(long position) {
    return text("retry: 1000\n: streaming\nid: " + position + "\n\n");
  }

  static byte[] heartbeat(long position) {
    return text(": heartbeat\nid: " + position + "\n\n");
  }

  /** Returns the last frame of a subscriber that is dropped. */
  static byte[] dropped(long position, String reason) {
    return text("event: dropped\nid: " + position + "\ndata: {\"reason\":\"" + reason + "\"}\n\n");
  }

  /** Returns the last frame of a subscriber that may not go on. */
  static byte[] refused(String reason) {
    return text("event: dropped\ndata: {\"reason\":\"" + reason + "\"}\n\n");
  }

  /** Returns the rows of a page that pass the filter; a heartbeat if there are none. */
  static byte[] of(StreamPage page, StreamFilter filter) {
    List<StreamEntry> entries = page.entries().stream().filter(filter::wants).toList();
    if (entries.isEmpty()) {
      return heartbeat(page.through());
    }
    var bytes = new ByteArrayOutputStream();
    entries.forEach(entry -> bytes.writeBytes(entry.frame()));
    return bytes.toByteArray();
  }

  /** Returns the frame of a row. The mapper writes JSON without line feeds. */
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
