package dev.lastword.cli;

import dev.lastword.http.IngestOutcome;
import dev.lastword.http.Problem.Rejection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Imports the rows of a file.
 *
 * <ol>
 *   <li>Rows that an earlier run has done are skipped, if they are unchanged.
 *   <li>A thousand rows at a time are ingested in their order, with some thousands in flight.
 *   <li>When the oldest thousand is committed, its rejected rows are written, then the progress. So
 *       a run that is killed repeats at most some thousands of rows.
 *   <li>A row without an id gets one from the file's name, its number and its content, the same in
 *       each run, so that repeated rows are duplicates.
 * </ol>
 */
final class ImportRun {
  private static final int BATCH = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_IN_FLIGHT = 6;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(1);

  /** Thrown if the rows that an earlier run has done have changed. */
  static final class OtherContentException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param rows all of them, at least one
   * @param valid the rows that were ingested
   * @param content SHA-256 of the file's rows up to here
   */
  private record Batch(
      List<ImportRows.Row> rows,
      List<ImportRows.Row> valid,
      String content,
      CompletableFuture<IngestOutcome> outcome) {}

  private final String name;
  private final ImportTarget target;
  private final ImportRejects rejectedRows;
  private final @Nullable Path stateFile;
  private final Deque<Batch> inFlight = new ArrayDeque<>();
  private final MessageDigest content = sha256();
  private ImportProgress state;
  private @Nullable IOException unreadable;

  /**
   * @param name of the file, used in the ids of rows
   * @param stateFile the file of the progress; null if the import cannot be resumed
   */
  ImportRun(
      String name,
      ImportTarget target,
      ImportRejects rejectedRows,
      ImportProgress state,
      @Nullable Path stateFile) {
    this.name = name;
    this.target = target;
    this.rejectedRows = rejectedRows;
    this.state = state;
    this.stateFile = stateFile;
  }

  /**
   * Imports all rows.
   *
   * @param step runs after each batch
   * @throws IOException if the file cannot be read further, after all rows up to there are done, or
   *     if the database is unavailable for two minutes; the next run resumes from there
   * @throws OtherContentException if the rows of an earlier run have changed; nothing is imported
   */
  ImportProgress run(ImportRows rows, Runnable step) throws IOException, OtherContentException {
    skip(rows);
    List<ImportRows.Row> batch = new ArrayList<>(BATCH);
    int bytes = 0;
    for (ImportRows.Row row = next(rows); row != null; row = next(rows)) {
      digest(row);
      batch.add(row);
      bytes += row.json().length;
      if (batch.size() == BATCH || bytes >= MAX_BYTES) {
        ingest(batch);
        step.run();
        batch = new ArrayList<>(BATCH);
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      ingest(batch);
    }
    while (!inFlight.isEmpty()) {
      settle(inFlight.remove());
    }
    step.run();
    if (unreadable != null) {
      throw unreadable;
    }
    return state;
  }

  /** Returns the next row; null at the end, or if the file cannot be read further. */
  private ImportRows.@Nullable Row next(ImportRows rows) {
    try {
      return rows.next();
    } catch (IOException e) {
      unreadable = e;
      return null;
    }
  }

  private void skip(ImportRows rows) throws IOException, OtherContentException {
    long last = 0;
    while (last < state.rows()) {
      ImportRows.Row row = rows.next();
      if (row == null) {
        throw new OtherContentException();
      }
      digest(row);
      last = row.number();
    }
    if (last != state.rows() || last > 0 && !content().equals(state.content())) {
      throw new OtherContentException();
    }
  }

  private void digest(ImportRows.Row row) {
    content.update(row.json());
    content.update((byte) '\n');
  }

  /** Returns the digest of all rows so far. */
  private String content() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) content.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Every JVM can clone SHA-256", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  private void ingest(List<ImportRows.Row> rows) throws IOException {
    if (inFlight.size() == MAX_IN_FLIGHT) {
      settle(inFlight.remove());
    }
    List<ImportRows.Row> valid = rows.stream().filter(row -> row.problem() == null).toList();
    inFlight.add(new Batch(rows, valid, content(), take(valid)));
  }

  private CompletableFuture<IngestOutcome> take(List<ImportRows.Row> rows) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (ImportRows.Row row : rows) {
      lines.writeBytes(row.json());
      lines.write('\n');
    }
    return target.take(lines.toByteArray(), ids(rows));
  }

  private void settle(Batch batch) throws IOException {
    int accepted = 0;
    int duplicates = 0;
    Map<Long, String> reasons = new HashMap<>();
    List<ImportRows.Row> sent = batch.valid;
    IngestOutcome outcome = batch.outcome.join();
    // Each try waits for the database as well.
    long start = System.nanoTime();
    while (true) {
      accepted += outcome.accepted();
      duplicates += outcome.duplicates();
      for (Rejection rejection : outcome.rejected()) {
        reasons.put(sent.get(rejection.index()).number(), rejection.reason());
      }
      if (outcome.unconfirmed().isEmpty()) {
        break;
      }
      if (System.nanoTime() - start >= PATIENCE) {
        throw new IOException(
            "Database unavailable. Run the command again to resume after row %d."
                .formatted(state.rows()));
      }
      pause();
      sent = at(outcome.unconfirmed(), sent);
      outcome = take(sent).join();
    }
    for (ImportRows.Row row : batch.rows) {
      String reason = row.problem() == null ? reasons.get(row.number()) : row.problem();
      if (reason != null) {
        rejectedRows.add(row, reason);
      }
    }
    state =
        new ImportProgress(
            batch.rows.get(batch.rows.size() - 1).number(),
            batch.content,
            state.accepted() + accepted,
            state.duplicates() + duplicates,
            state.rejected() + reasons.size() + batch.rows.size() - batch.valid.size(),
            rejectedRows.flush());
    if (stateFile != null) {
      state.write(stateFile);
    }
  }

  private static List<ImportRows.Row> at(List<Integer> positions, List<ImportRows.Row> rows) {
    return positions.stream().map(rows::get).toList();
  }

  private IntFunction<String> ids(List<ImportRows.Row> rows) {
    return index -> {
      ImportRows.Row row = rows.get(index);
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
