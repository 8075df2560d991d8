package dev.lastword.event;

/** The addresses that events come in by: one resource with the habits of three kinds of clients. */
enum Door {
  EVENTS("/events", "default", "accepted", true),
  PUBLISH("/publish", "default", "success", true),
  /**
   * For lines of logs, in which {@code request_id} names the web request that several lines are
   * about: as the id of the event it would make one of them.
   */
  INGEST("/ingest", "log", "accepted", false);

  final String path;

  /** The topic of events that name none. */
  final String topic;

  /** What the answer calls success. */
  final String status;

  /** Whether {@code request_id} is an id of the event. */
  final boolean requestIsEvent;

  Door(String path, String topic, String status, boolean requestIsEvent) {
    this.path = path;
    this.topic = topic;
    this.status = status;
    this.requestIsEvent = requestIsEvent;
  }
}
