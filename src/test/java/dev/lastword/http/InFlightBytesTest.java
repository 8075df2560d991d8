package dev.lastword.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightBytesTest {

  private final InFlightBytes bytes = new InFlightBytes(100);

  @Test
  void bytesAreTakenUpToTheLimitAndAgainWhenSomeAreReleased() {
    assertThat(bytes.take(60)).isTrue();
    assertThat(bytes.take(41)).isFalse();
    assertThat(bytes.take(40)).isTrue();
    assertThat(bytes.take(1)).isFalse();
    bytes.release(60);
    assertThat(bytes.take(60)).isTrue();
  }

  @Test
  void aSingleRequestIsNeverTooLarge() {
    assertThat(bytes.take(1_000)).isTrue();
    assertThat(bytes.take(1)).isFalse();
  }
}
