package dev.lastword.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.commit.BatchNumber;
import dev.lastword.database.DatabaseError;
import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Tests the numbers of batches of keystrokes on the database. */
@MicronautTest(transactional = false)
@Property(name = "lastword.promotion.enabled", value = "false")
class LaneRowTest {
  @Inject DataSource database;
  @Inject StagingRepository staging;

  private final BatchNumber number = BatchNumber.first(1);

  @Test
  void aBatchIsCommittedOnce() {
    TypedSession typed = new TypedSession(database, staging);
    List<Keystroke> batch = List.of(typed.keystroke("b"), typed.keystroke("bu"));
    staging.write(number, batch);
    assertThat(staging.settle(number)).isTrue();
    assertThatThrownBy(() -> staging.write(number, batch))
        .satisfies(e -> assertThat(DatabaseError.of(e)).isEqualTo(DatabaseError.DATA));
    assertThat(typed.row().keystrokes()).isEqualTo(2);
    staging.write(number.next(), batch.subList(0, 1));
    assertThatThrownBy(() -> staging.write(number, batch)).isInstanceOf(RuntimeException.class);
    assertThat(typed.row().keystrokes()).isEqualTo(3);
    assertThat(staging.settle(number.next())).isTrue();
  }

  @Test
  void aBatchThatWasNotCommittedNeverWillBe() {
    TypedSession typed = new TypedSession(database, staging);
    staging.write(number, List.of(typed.keystroke("b")));
    List<Keystroke> late = List.of(typed.keystroke("bu"));
    assertThat(staging.settle(number.next())).isFalse();
    assertThatThrownBy(() -> staging.write(number.next(), late))
        .isInstanceOf(RuntimeException.class);
    // Repeated, as after a lost answer.
    assertThat(staging.settle(number.next())).isFalse();
    assertThat(typed.row().keyword()).isEqualTo("b");
    staging.write(number.next().next(), late);
    assertThat(typed.row().keyword()).isEqualTo("bu");
  }

  @Test
  void theFirstBatchOfALaneIsFencedOffToo() {
    TypedSession typed = new TypedSession(database, staging);
    assertThat(staging.settle(number)).isFalse();
    assertThatThrownBy(() -> staging.write(number, List.of(typed.keystroke("b"))))
        .isInstanceOf(RuntimeException.class);
    assertThat(typed.isStaged()).isFalse();
    staging.write(number.next(), List.of(typed.keystroke("b")));
  }
}
