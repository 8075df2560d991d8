package dev.lastword.query;

import dev.lastword.row.Timestamps;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The place of a row in the order newest first: the next page starts behind it. Rows that are
 * written meanwhile move nothing, since a place is a key and not a count.
 *
 * @param moment what the log is ordered by
 * @param id tells rows of one moment apart
 */
record Cursor(Instant moment, long id) {

  /** Reads what {@link #encode} gave; what was changed since, or is none, is refused. */
  static Cursor decode(String text) {
    try {
      byte[] plain = Base64.getUrlDecoder().decode(text);
      String[] parts = new String(plain, StandardCharsets.US_ASCII).split("\\.", 3);
      var cursor =
          new Cursor(Instant.ofEpochMilli(Long.parseLong(parts[0])), Long.parseLong(parts[1]));
      if (cursor.encode().equals(text)) {
        return cursor;
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // falls through to the same refusal
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST, "cursor must be the next_cursor of a response.");
  }

  /** Milliseconds since 1970, id, and a checksum of the two. */
  String encode() {
    String plain = moment.toEpochMilli() + "." + id;
    CRC32C checksum = new CRC32C();
    checksum.update(plain.getBytes(StandardCharsets.US_ASCII));
    String checked = plain + "." + Long.toHexString(checksum.getValue());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(checked.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The condition in SQL for the rows behind this one; adds what stands for its question marks.
   *
   * <p>It is spelled out, since MySQL makes no range of the row comparison {@code (searched_at, id)
   * < (?, ?)}: it would read the index from its start for every page.
   */
  String behind(String time, List<Object> values) {
    LocalDateTime database = Timestamps.toDatabase(moment);
    values.addAll(List.of(database, database, id));
    return " AND (%1$s < ? OR (%1$s = ? AND id < ?))".formatted(time);
  }

  /** The condition for the rows down to this one, itself included. */
  String downTo(String time, List<Object> values) {
    LocalDateTime database = Timestamps.toDatabase(moment);
    values.addAll(List.of(database, database, id));
    return " AND (%1$s > ? OR (%1$s = ? AND id >= ?))".formatted(time);
  }
}
