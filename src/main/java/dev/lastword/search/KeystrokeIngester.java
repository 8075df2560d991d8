package dev.lastword.search;

import dev.lastword.commit.GroupCommit;
import dev.lastword.commit.RejectedRowException;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.Problem.Rejection;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Stages the keystrokes of a request. */
@Singleton
class KeystrokeIngester {

  private final GroupCommit<Keystroke> lanes;
  private final KeystrokeMeters meters;

  KeystrokeIngester(GroupCommit<Keystroke> lanes, KeystrokeMeters meters) {
    this.lanes = lanes;
    this.meters = meters;
  }

  /** Stages the keystrokes. Never blocks and never fails: the lanes complete the outcome. */
  CompletableFuture<IngestOutcome> ingest(KeystrokeBatch batch) {
    meters.received(batch);
    List<CompletableFuture<Void>> commits =
        lanes.addAll(batch.keystrokes(), keystroke -> keystroke.key().bucket());
    CompletableFuture<Void> all =
        commits.size() == 1
            ? commits.get(0)
            : CompletableFuture.allOf(commits.toArray(CompletableFuture[]::new));
    return all.handle((done, error) -> outcome(batch, commits));
  }

  private IngestOutcome outcome(KeystrokeBatch batch, List<CompletableFuture<Void>> commits) {
    List<Rejection> rejected = new ArrayList<>(batch.rejected());
    List<Integer> unconfirmed = new ArrayList<>();
    for (int i = 0; i < commits.size(); i++) {
      Throwable error = error(commits.get(i));
      if (error instanceof RejectedRowException) {
        rejected.add(new Rejection(batch.index(i), String.valueOf(error.getMessage())));
      } else if (error != null) {
        unconfirmed.add(batch.index(i));
      }
    }
    int refused = rejected.size() - batch.rejected().size();
    int again = unconfirmed.size();
    meters.answered(batch.tenantId(), commits.size() - refused - again, refused, again);
    return new IngestOutcome(batch.received() - rejected.size() - again, 0, rejected, unconfirmed);
  }

  private static @Nullable Throwable error(CompletableFuture<Void> commit) {
    if (!commit.isCompletedExceptionally()) {
      return null;
    }
    try {
      commit.join();
      return null;
    } catch (CompletionException e) {
      return e.getCause();
    }
  }
}
