package dev.lastword.cli;

import dev.lastword.http.Problem.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of one file into the database.
 *
 * <ol>
 *   <li>Rows that an earlier run has done are skipped.
 *   <li>A thousand rows at a time are handed in, some thousands before the first of them is
 *       committed, in their order.
 *   <li>When the oldest thousand is committed, its rejected rows are written down, then the state.
 *       So a run that is killed repeats some thousands of rows at the most.
 *   <li>A row without an id gets one from its file, place and content, the same in each run: what
 *       is repeated is a duplicate.
 * </ol>
 */
final class Import {
  private static final int BATCH = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int UNDER_WAY = 6;
  private static final int PATIENCE_SECONDS = 60;

  private record Batch(List<ImportRow> rows, byte[] lines, CompletableFuture<Intake.Taken> taken) {}

  private final String name;
  private final Intake intake;
  private final RejectedRows rejectedRows;
  private final @Nullable Path stateFile;
  private final Deque<Batch> underWay = new ArrayDeque<>();
  private ImportState state;

  /**
   * @param name of the file, a part of the ids that it gives
   * @param stateFile where the state is kept; null for what cannot be read twice
   */
  Import(
      String name,
      Intake intake,
      RejectedRows rejectedRows,
      ImportState state,
      @Nullable Path stateFile) {
    this.name = name;
    this.intake = intake;
    this.rejectedRows = rejectedRows;
    this.state = state;
    this.stateFile = stateFile;
  }

  /**
   * Runs to the end of the rows.
   *
   * @param step is called after each batch
   * @throws IOException if the file cannot be read or the database is away for a minute; the next
   *     run goes on from there
   */
  ImportState run(ImportRows rows, Runnable step) throws IOException {
    long skipped = state.rows();
    List<ImportRow> batch = new ArrayList<>(BATCH);
    int bytes = 0;
    for (ImportRow row = rows.next(); row != null; row = rows.next()) {
      if (row.number() <= skipped) {
        continue;
      }
      batch.add(row);
      bytes += row.json().length;
      if (batch.size() == BATCH || bytes >= MAX_BYTES) {
        hand(batch);
        step.run();
        batch = new ArrayList<>(BATCH);
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      hand(batch);
    }
    while (!underWay.isEmpty()) {
      settle(underWay.remove());
    }
    step.run();
    return state;
  }

  private void hand(List<ImportRow> rows) throws IOException {
    if (underWay.size() == UNDER_WAY) {
      settle(underWay.remove());
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (ImportRow row : rows) {
      lines.write(row.json());
      lines.write('\n');
    }
    byte[] text = lines.toByteArray();
    underWay.add(new Batch(rows, text, intake.take(text, ids(rows))));
  }

  private void settle(Batch batch) throws IOException {
    Intake.Taken taken = batch.taken.join();
    int accepted = taken.accepted();
    for (int tries = 0; taken.unconfirmed() > 0; tries++) {
      if (tries == PATIENCE_SECONDS) {
        throw new IOException(
            "The database takes nothing; the same command goes on after row " + state.rows() + ".");
      }
      pause();
      // What went in meanwhile comes back as a duplicate, though it is this run's.
      taken = intake.take(batch.lines, ids(batch.rows)).join();
      accepted += taken.accepted();
    }
    for (Rejection rejection : taken.rejected()) {
      rejectedRows.add(batch.rows.get(rejection.index()), rejection.reason());
    }
    int rejected = taken.rejected().size();
    state =
        new ImportState(
            batch.rows.get(batch.rows.size() - 1).number(),
            state.accepted() + accepted,
            state.duplicates() + batch.rows.size() - rejected - accepted,
            state.rejected() + rejected,
            rejectedRows.flush());
    if (stateFile != null) {
      state.write(stateFile);
    }
  }

  private IntFunction<String> ids(List<ImportRow> rows) {
    return index -> {
      ImportRow row = rows.get(index);
      String text =
          "%s:%d:%s"
              .formatted(name, row.number(), new String(row.json(), StandardCharsets.ISO_8859_1));
      return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    };
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
