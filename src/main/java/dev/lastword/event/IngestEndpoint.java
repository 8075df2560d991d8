package dev.lastword.event;

import java.util.Set;

/** The sources of events, each with the conventions of one kind of client. */
enum IngestEndpoint {
  /** {@code POST /events}. */
  EVENTS("default", "accepted", true, Set.of()),
  /** {@code POST /publish}. */
  PUBLISH("default", "success", true, Set.of()),
  /**
   * {@code POST /ingest}, for lines of logs, in which {@code request_id} names the web request that
   * several lines are about: as the id of the event it would make one of them.
   */
  INGEST("log", "accepted", false, Set.of()),
  /** Files that {@code export} wrote: their rows give some values twice. */
  EXPORT(
      "default",
      "accepted",
      true,
      Set.of("id", "received_at", "event_type", "timestamp", "service"));

  /** The topic of events that name none. */
  final String topic;

  /** What the answer calls success. */
  final String status;

  /** Whether {@code request_id} is an id of the event. */
  final boolean requestIsEvent;

  /** Fields that say nothing new about an event, or that each database gives it anew. */
  final Set<String> ignored;

  IngestEndpoint(String topic, String status, boolean requestIsEvent, Set<String> ignored) {
    this.topic = topic;
    this.status = status;
    this.requestIsEvent = requestIsEvent;
    this.ignored = ignored;
  }
}
