package dev.lastword.load.typists;

import dev.lastword.load.Percentiles;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What became of the requests. */
final class Answers {

  private final Queue<Long> millis = new ConcurrentLinkedQueue<>();
  private final Queue<Long> late = new ConcurrentLinkedQueue<>();
  private final LongAdder again = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /** How long after its moment a request was sent: how exact the simulation is. */
  void late(Duration duration) {
    late.add(duration.toMillis());
  }

  /** A request was not taken and is sent again. */
  Session again(Session session) {
    again.increment();
    return session;
  }

  /** The end of a request, after as many tries as it took. */
  Session end(Session session) {
    if (session.isFailed()) {
      lost.increment();
    } else {
      millis.add((long) session.getInt("millis"));
    }
    return session;
  }

  /** Of the requests that were taken, in milliseconds, of the last try. */
  Percentiles millis() {
    return new Percentiles(millis);
  }

  Percentiles late() {
    return new Percentiles(late);
  }

  /** How often a request had to be sent again. */
  long again() {
    return again.sum();
  }

  /** Requests that were never taken. */
  long lost() {
    return lost.sum();
  }
}
