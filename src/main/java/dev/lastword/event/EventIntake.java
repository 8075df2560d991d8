package dev.lastword.event;

import dev.lastword.access.Tenant;
import dev.lastword.http.Problem.Rejection;
import dev.lastword.http.UnreadableException;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Takes events that do not come over HTTP. */
@Singleton
public class EventIntake {
  private final EventReader reader;
  private final EventIngester ingester;

  EventIntake(EventReader reader, EventIngester ingester) {
    this.reader = reader;
    this.ingester = ingester;
  }

  /**
   * What became of the lines.
   *
   * @param accepted how many are new, and committed
   * @param duplicates how many were stored before
   * @param rejected the others, by their place among the lines
   * @param unconfirmed how many have to be handed in again
   */
  public record Taken(int accepted, int duplicates, List<Rejection> rejected, int unconfirmed) {}

  /**
   * Takes lines of one JSON object each.
   *
   * @param lines up to 10,000, none of them blank
   * @param missingIds gives an id to the event of a line that has none
   */
  public CompletableFuture<Taken> take(byte[] lines, IntFunction<String> missingIds) {
    try {
      return ingester
          .ingest(reader.read(Door.EVENTS, Tenant.DEFAULT_ID, lines, true, missingIds).batch())
          .thenApply(
              result ->
                  new Taken(
                      result.accepted(),
                      result.duplicates().size(),
                      result.rejected(),
                      result.unconfirmed()));
    } catch (UnreadableException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
