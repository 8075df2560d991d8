package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.http.Parameters;
import dev.lastword.rollup.Activity;
import dev.lastword.rollup.Activity.Kind;
import org.jspecify.annotations.Nullable;

/** Parameters {@code kind} and {@code topic}: what users must have done to count as active. */
final class ActivityParameters {

  /** What may be asked for. */
  private enum Log {
    SEARCHES,
    EVENTS
  }

  private ActivityParameters() {}

  /**
   * @param kind searches or events; null for any activity
   * @param topic null for all topics
   */
  static Activity parse(Caller caller, @Nullable String kind, @Nullable String topic) {
    Log log = kind == null ? null : Parameters.oneOf("kind", kind, Log.class);
    String name = Parameters.text("topic", topic);
    if (name != null) {
      Parameters.require(log != Log.SEARCHES, "topic applies to events only.");
      return new Activity(caller.tenantId(), Kind.TOPIC, name);
    }
    if (log == null) {
      return Activity.of(caller.tenantId(), Kind.ANY);
    }
    return Activity.of(caller.tenantId(), log == Log.SEARCHES ? Kind.SEARCHES : Kind.EVENTS);
  }
}
