package dev.lastword.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizeTest {

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "7, 7",
    "8, 8",
    "9, 8",
    "15, 14",
    "23, 20",
    "31, 28",
    "63, 56",
    "255, 224",
    "511, 448",
    "512, 512",
    "513, 512",
    "10000, 512"
  })
  void isTheLargestThatTheRowsFill(int waiting, int rows) {
    assertThat(BatchSize.of(waiting)).isEqualTo(rows);
  }

  @Test
  void takesFourOfFiveRowsThatWaitAndKnowsFewSizes() {
    assertThat(IntStream.rangeClosed(1, 512)).allMatch(n -> BatchSize.of(n) >= 0.8 * n);
    assertThat(IntStream.rangeClosed(1, 512).map(BatchSize::of).distinct().count()).isEqualTo(32);
  }
}
