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
 * The position of a row in the order of a log; the next page starts after it. As a text, it belongs
 * to a tenant. Rows that are written meanwhile do not move it, because it is a key and not a count.
 *
 * @param time the time that the log is ordered by
 * @param id distinguishes rows of the same time
 */
record Cursor(Instant time, long id) {

  /** Decodes what {@link #encode} returned; anything else is answered with 400. */
  static Cursor decode(String text, int tenantId) {
    try {
      byte[] plain = Base64.getUrlDecoder().decode(text);
      String[] parts = new String(plain, StandardCharsets.US_ASCII).split("\\.", 3);
      var cursor =
          new Cursor(Instant.ofEpochMilli(Long.parseLong(parts[0])), Long.parseLong(parts[1]));
      if (cursor.encode(tenantId).equals(text)) {
        return cursor;
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // falls through to the same error
    }
    throw new HttpStatusException(
        HttpStatus.BAD_REQUEST, "cursor must be the next_cursor of a response.");
  }

  /** Encodes milliseconds since 1970, id, and a checksum of these and the tenant. */
  String encode(int tenantId) {
    String plain = time.toEpochMilli() + "." + id;
    CRC32C checksum = new CRC32C();
    checksum.update((tenantId + "." + plain).getBytes(StandardCharsets.US_ASCII));
    String checked = plain + "." + Long.toHexString(checksum.getValue());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(checked.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Returns the condition in SQL for the rows after this one, and adds its parameters to {@code
   * values}.
   *
   * <p>It avoids the row comparison {@code (searched_at, id) < (?, ?)}, for which MySQL does not
   * use a range: it would read the index from its start for each page.
   */
  String after(Order order, String column, List<Object> values) {
    return condition(order.after(), order.after(), column, values);
  }

  /** Returns the condition for the rows up to this one, inclusive. */
  String upTo(Order order, String column, List<Object> values) {
    return condition(order.before(), order.before() + "=", column, values);
  }

  private String condition(String times, String ids, String column, List<Object> values) {
    LocalDateTime database = Timestamps.toDatabase(time);
    values.addAll(List.of(database, database, id));
    return " AND (%1$s %2$s ? OR (%1$s = ? AND id %3$s ?))".formatted(column, times, ids);
  }
}
