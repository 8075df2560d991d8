package dev.lastword.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoomTest {

  private final Room room = new Room(100);

  @Test
  void thereIsRoomUpToTheLimitAndAgainWhenSomeoneLeft() {
    assertThat(room.take(60)).isTrue();
    assertThat(room.take(41)).isFalse();
    assertThat(room.take(40)).isTrue();
    assertThat(room.take(1)).isFalse();
    room.leave(60);
    assertThat(room.take(60)).isTrue();
  }

  @Test
  void whoeverIsAloneIsNeverTooLarge() {
    assertThat(room.take(1_000)).isTrue();
    assertThat(room.take(1)).isFalse();
  }
}
