package dev.lastword.load.typists;

import dev.lastword.load.Percentiles;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** The outcomes of the requests. */
final class Answers {

  private final Queue<Long> millis = new ConcurrentLinkedQueue<>();
  private final Queue<Long> late = new ConcurrentLinkedQueue<>();
  private final LongAdder again = new LongAdder();
  private final LongAdder lost = new LongAdder();

  /** Records the delay of a request, which shows how exact the simulation is. */
  void late(Duration duration) {
    late.add(duration.toMillis());
  }

  /** Records a retry. */
  Session again(Session session) {
    again.increment();
    return session;
  }

  /** Records the end of a request after its last try. */
  Session end(Session session) {
    if (session.isFailed()) {
      lost.increment();
    } else {
      millis.add((long) session.getInt("millis"));
    }
    return session;
  }

  /** Returns the times of accepted requests, of the last try, in milliseconds. */
  Percentiles millis() {
    return new Percentiles(millis);
  }

  Percentiles late() {
    return new Percentiles(late);
  }

  /** Returns the number of retries. */
  long again() {
    return again.sum();
  }

  /** Returns the number of requests that were never accepted. */
  long lost() {
    return lost.sum();
  }
}
