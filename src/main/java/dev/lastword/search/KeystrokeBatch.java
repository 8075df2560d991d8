package dev.lastword.search;

import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was read off one request. Received = keystrokes + cleared + rejected. */
final class KeystrokeBatch implements JsonRows.Batch<KeystrokeRow> {
  static final int MAX_ROWS = 1_000;

  private final int tenantId;
  private final Instant now;
  private final Duration near;
  private final List<Keystroke> keystrokes = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<Rejection> rejected = new ArrayList<>();
  private int received;
  private int ignoredTimes;

  /**
   * @param near client times further from now are of no use
   */
  KeystrokeBatch(int tenantId, Instant now, Duration near) {
    this.tenantId = tenantId;
    this.now = now;
    this.near = near;
  }

  @Override
  public KeystrokeRow begin() {
    return new KeystrokeRow();
  }

  @Override
  public void add(KeystrokeRow row) throws InvalidBodyException {
    if (received == MAX_ROWS) {
      throw InvalidBodyException.tooLarge("A request may contain at most 1000 keystrokes.");
    }
    int index = received++;
    String problem = row.check();
    if (problem != null) {
      rejected.add(new Rejection(index, problem));
    } else if (!row.isCleared()) {
      Keystroke keystroke = row.keystroke(tenantId, now, near);
      keystrokes.add(keystroke);
      indexes.add(index);
      ignoredTimes += row.hasTime() && keystroke.typedAt() == null ? 1 : 0;
    }
  }

  /** The good ones, in the order they came in. */
  List<Keystroke> keystrokes() {
    return keystrokes;
  }

  /** The place in the request of a good one. */
  int index(int keystroke) {
    return indexes.get(keystroke);
  }

  List<Rejection> rejected() {
    return rejected;
  }

  int received() {
    return received;
  }

  /** How many carried no text: the box was cleared, and there is nothing to stage. */
  int cleared() {
    return received - keystrokes.size() - rejected.size();
  }

  /** How many carried a time that cannot be used. */
  int ignoredTimes() {
    return ignoredTimes;
  }
}
