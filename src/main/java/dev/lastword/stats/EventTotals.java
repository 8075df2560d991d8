package dev.lastword.stats;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.Map;

/**
 * What became of the events that came in on all nodes, from the database. Received = accepted +
 * duplicates + rejected, for each topic, too.
 *
 * @param received all that came in, good and bad
 * @param accepted those that were new, and are stored
 * @param uniqueProcessed the same, as clients of a pub-sub aggregator call it
 * @param duplicates those that were stored before
 * @param duplicateDropped the same, as clients of a pub-sub aggregator call it
 * @param changed of the duplicates, those that said something else than the first
 * @param rejected those that were not valid, or that the database refused
 * @param topics how many are stored of each topic, the thousand largest
 * @param byTopic what became of the events of these
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

  /** The same for one topic. */
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
