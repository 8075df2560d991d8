package dev.lastword.search;

import dev.lastword.access.Tenant;
import dev.lastword.commit.GroupCommit;
import dev.lastword.commit.RejectedRowException;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem.Rejection;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Takes keystrokes that do not come over HTTP, from any time. */
@Singleton
public class KeystrokeIntake {
  private static final JsonRows ROWS = new JsonRows("a keystroke");

  private final Clock clock;
  private final GroupCommit<Keystroke> lanes;

  KeystrokeIntake(Clock clock, GroupCommit<Keystroke> lanes) {
    this.clock = clock;
    this.lanes = lanes;
  }

  /**
   * Takes lines of one JSON object each; those of a session are staged in their order.
   *
   * @param lines up to 1,000, none of them blank
   */
  public CompletableFuture<IngestOutcome> take(byte[] lines) {
    KeystrokeBatch batch = new KeystrokeBatch(Tenant.DEFAULT_ID, clock.instant(), ClientTime.EVER);
    try {
      ROWS.readLines(lines, batch);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException(e);
    }
    List<CompletableFuture<Throwable>> errors =
        lanes.addAll(batch.keystrokes(), keystroke -> keystroke.key().bucket()).stream()
            .map(commit -> commit.handle((done, error) -> error))
            .toList();
    return CompletableFuture.allOf(errors.toArray(CompletableFuture[]::new))
        .thenApply(done -> outcome(batch, errors.stream().map(CompletableFuture::join).toList()));
  }

  private static IngestOutcome outcome(KeystrokeBatch batch, List<Throwable> errors) {
    List<Rejection> rejected = new ArrayList<>(batch.rejected());
    int unconfirmed = 0;
    for (int i = 0; i < errors.size(); i++) {
      if (errors.get(i) instanceof RejectedRowException refused) {
        rejected.add(new Rejection(batch.index(i), String.valueOf(refused.getMessage())));
      } else if (errors.get(i) != null) {
        unconfirmed++;
      }
    }
    return new IngestOutcome(
        batch.received() - rejected.size() - unconfirmed, 0, rejected, unconfirmed);
  }
}
