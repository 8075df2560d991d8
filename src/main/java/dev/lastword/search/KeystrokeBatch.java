package dev.lastword.search;

import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The keystrokes of a request. Received = keystrokes + cleared + rejected. */
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
  private int lost;

  /**
   * @param near client times further from now are ignored
   */
  KeystrokeBatch(int tenantId, Instant now, Duration near) {
    this.tenantId = tenantId;
    this.now = now;
    this.near = near;
  }

  int tenantId() {
    return tenantId;
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
      return;
    }
    // One request must not spoil the loss rate.
    lost = Math.min(KeystrokeRow.MAX_LOST, lost + row.lost());
    if (!row.isCleared()) {
      Keystroke keystroke = row.keystroke(tenantId, now, near);
      keystrokes.add(keystroke);
      indexes.add(index);
      ignoredTimes += row.hasTime() && keystroke.typedAt() == null ? 1 : 0;
    }
  }

  /** Returns the valid keystrokes, in the order of the request. */
  List<Keystroke> keystrokes() {
    return keystrokes;
  }

  /** Returns the position of a valid keystroke in the request. */
  int index(int keystroke) {
    return indexes.get(keystroke);
  }

  List<Rejection> rejected() {
    return rejected;
  }

  int received() {
    return received;
  }

  /**
   * Returns the number of keystrokes without text: the box was cleared, and there is nothing to
   * stage.
   */
  int cleared() {
    return received - keystrokes.size() - rejected.size();
  }

  /** Returns the number of other keystrokes that the client could not deliver. */
  int lost() {
    return lost;
  }

  /** Returns the number of client times that are ignored. */
  int ignoredTimes() {
    return ignoredTimes;
  }
}
