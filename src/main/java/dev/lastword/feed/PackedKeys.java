package dev.lastword.feed;

import dev.lastword.row.RowKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs keys of rows into few bytes: the bucket of each, and the difference of its id from the one
 * before, seven bits a byte. Ids of one transaction are close together, so most take two or three
 * bytes.
 */
final class PackedKeys {

  private PackedKeys() {}

  /** Packs keys that are sorted by id. */
  static byte[] pack(List<RowKey> keys) {
    var bytes = new ByteArrayOutputStream(keys.size() * 4);
    long before = 0;
    for (RowKey key : keys) {
      bytes.write(key.bucket());
      long more = key.id() - before;
      before = key.id();
      for (; more >= 0x80; more >>>= 7) {
        bytes.write((int) (more & 0x7f | 0x80));
      }
      bytes.write((int) more);
    }
    return bytes.toByteArray();
  }

  static List<RowKey> unpack(byte[] packed) {
    List<RowKey> keys = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    long id = 0;
    while (bytes.hasRemaining()) {
      int bucket = bytes.get() & 0xff;
      byte part = bytes.get();
      long more = part & 0x7f;
      for (int shift = 7; part < 0; shift += 7) {
        part = bytes.get();
        more |= (long) (part & 0x7f) << shift;
      }
      id += more;
      keys.add(new RowKey(bucket, id));
    }
    return keys;
  }
}
