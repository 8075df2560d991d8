package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightBytesTest {
  private static final long MIB = 1 << 20;
  private static final List<String> NOBODY = List.of();
  private static final List<String> ANN = List.of("key ann", "address 1");

  private final InFlightBytes bytes = new InFlightBytes(100 * MIB);

  @Test
  void bytesAreTakenUpToTheLimitAndAgainWhenSomeAreReleased() {
    assertThat(bytes.take(60 * MIB, NOBODY)).isTrue();
    assertThat(bytes.take(40 * MIB + 1, NOBODY)).isFalse();
    assertThat(bytes.take(40 * MIB, NOBODY)).isTrue();
    assertThat(bytes.take(1, NOBODY)).isFalse();
    bytes.release(60 * MIB, NOBODY);
    assertThat(bytes.take(60 * MIB, NOBODY)).isTrue();
  }

  @Test
  void aSingleRequestIsNeverTooLarge() {
    assertThat(bytes.take(1_000 * MIB, ANN)).isTrue();
    assertThat(bytes.take(1, ANN)).isFalse();
  }

  @Test
  void aSenderMayHoldAsMuchAsItLeaves() {
    assertThat(bytes.take(MIB, ANN)).isTrue();
    assertThat(bytes.take(49 * MIB + 1, ANN)).isFalse();
    assertThat(bytes.take(49 * MIB, ANN)).isTrue();
    // By its key from another address, and from its address by another key.
    assertThat(bytes.take(1, List.of("key ann", "address 2"))).isFalse();
    assertThat(bytes.take(1, List.of("key bob", "address 1"))).isFalse();
    List<String> bob = List.of("key bob", "address 2");
    assertThat(bytes.take(25 * MIB + 1, bob)).isFalse();
    assertThat(bytes.take(25 * MIB, bob)).isTrue();
    assertThat(bytes.take(1, bob)).isFalse();
    bytes.release(50 * MIB, ANN);
    assertThat(bytes.take(12 * MIB, bob)).isTrue();
    bytes.release(37 * MIB, bob);
    assertThat(bytes.taken()).isZero();
    assertThat(bytes.take(MIB, NOBODY)).isTrue();
    assertThat(bytes.take(49 * MIB, ANN)).isTrue();
  }

  @Test
  void everyoneMayHoldABodyOfTheMaximumSizeIfItIsLeft() {
    assertThat(bytes.take(85 * MIB, NOBODY)).isTrue();
    assertThat(bytes.take(5 * MIB, ANN)).isTrue();
    assertThat(bytes.take(5 * MIB, ANN)).isTrue();
    assertThat(bytes.take(1, ANN)).isFalse();
    assertThat(bytes.take(5 * MIB, List.of("key bob"))).isTrue();
    assertThat(bytes.take(1, List.of("key cem"))).isFalse();
  }
}
