package dev.lastword.stats;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.Map;

/**
 * Totals of the events on all nodes. Received = accepted + duplicates + rejected, also for each
 * topic.
 *
 * @param received number of events, valid or not
 * @param accepted events that were new, and are stored
 * @param uniqueProcessed same as {@code accepted}, for clients of a pub-sub aggregator
 * @param duplicates events that were stored before
 * @param duplicateDropped same as {@code duplicates}, for clients of a pub-sub aggregator
 * @param changed duplicates with different content
 * @param rejected events that were not valid, or that the database refused
 * @param topics stored events of the thousand largest topics
 * @param byTopic totals of these topics
 * @param uptime seconds since the start of the answering node
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record EventTotals(
    long received,
    long accepted,
    long uniqueProcessed,
    long duplicates,
    long duplicateDropped,
    long changed,
    long rejected,
    Map<String, Long> topics,
    Map<String, Topic> byTopic,
    long uptime) {

  /** Totals of one topic. */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Topic(long received, long accepted, long duplicates, long changed, long rejected) {

    static final Topic NONE = new Topic(0, 0, 0, 0, 0);

    static Topic of(long accepted, long duplicates, long changed, long rejected) {
      return new Topic(accepted + duplicates + rejected, accepted, duplicates, changed, rejected);
    }

    Topic plus(Topic other) {
      return of(
          accepted + other.accepted,
          duplicates + other.duplicates,
          changed + other.changed,
          rejected + other.rejected);
    }
  }
}
