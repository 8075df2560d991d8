package dev.lastword.daily;

/**
 * The topic that counts an event: its own, or {@value #OTHER} if its day had too many topics, see
 * {@link TopicLimit}.
 */
public final class CountedTopic {

  /** A tenant's own topic of this name is counted with them. */
  public static final String OTHER = "other";

  /** Returns it for a row of {@code event_log}. */
  public static final String SQL = "IF(in_other, '" + OTHER + "', topic)";

  private CountedTopic() {}

  /** Returns the condition for the rows of {@code event_log} that a topic counts. */
  public static String condition(String topic) {
    return topic.equals(OTHER) ? "(in_other OR topic = ?)" : "topic = ? AND NOT in_other";
  }

  /** Returns the index of {@code event_log} that finds these rows. */
  public static String index(String topic) {
    return topic.equals(OTHER) ? "newest" : "by_topic";
  }
}
