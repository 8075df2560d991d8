package dev.lastword.query;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Some frames of a stream of server-sent events, as they go over the wire.
 *
 * <p>Every frame carries the position behind which a reader goes on, that of a heartbeat too: who
 * waits for a rare topic does not fall behind what is kept.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frames(byte[] bytes) {

  static Frames hello(long position) {
    return text("retry: 1000\n: streaming\nid: " + position + "\n\n");
  }

  static Frames heartbeat(long position) {
    return text(": heartbeat\nid: " + position + "\n\n");
  }

  /** The last frame of a reader that the stream does not wait for. */
  static Frames dropped(long position, String reason) {
    return text("event: dropped\nid: " + position + "\ndata: {\"reason\":\"" + reason + "\"}\n\n");
  }

  /** What a reader wants of a page; a heartbeat where that is nothing. */
  static Frames of(StreamPage page, Subscription wanted) {
    List<StreamEntry> entries = page.entries().stream().filter(wanted::wants).toList();
    if (entries.isEmpty()) {
      return heartbeat(page.through());
    }
    var bytes = new ByteArrayOutputStream();
    entries.forEach(entry -> bytes.writeBytes(entry.frame()));
    return new Frames(bytes.toByteArray());
  }

  /** The frame of one row; JSON as the mapper writes it holds no line feed. */
  static byte[] row(long position, byte[] json) {
    var bytes = new ByteArrayOutputStream(json.length + 40);
    bytes.writeBytes(("id: " + position + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(json);
    bytes.write('\n');
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static Frames text(String text) {
    return new Frames(text.getBytes(StandardCharsets.UTF_8));
  }
}
