package dev.lastword.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.row.RowKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedKeysTest {

  @Test
  void whatWasPackedComesOutAgain() {
    List<RowKey> keys =
        List.of(
            new RowKey(0, 0),
            new RowKey(63, 0),
            new RowKey(1, 127),
            new RowKey(2, 255),
            new RowKey(255, 7388898785280000001L),
            new RowKey(3, Long.MAX_VALUE));
    assertThat(PackedKeys.unpack(PackedKeys.pack(keys))).isEqualTo(keys);
    assertThat(PackedKeys.unpack(PackedKeys.pack(List.of()))).isEmpty();
  }
}
