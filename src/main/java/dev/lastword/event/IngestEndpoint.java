package dev.lastword.event;

import java.util.Set;

/** The sources of events, each with its own conventions. */
enum IngestEndpoint {
  /** {@code POST /events}. */
  EVENTS("default", "accepted", true, Set.of()),
  /** {@code POST /publish}. */
  PUBLISH("default", "success", true, Set.of()),
  /**
   * {@code POST /ingest}, for log lines. There, {@code request_id} is the web request that several
   * lines belong to; as an event id, it would make them duplicates.
   */
  INGEST("log", "accepted", false, Set.of()),
  /** Files that {@code export} wrote, whose rows have some values twice. */
  EXPORT(
      "default",
      "accepted",
      true,
      Set.of("id", "received_at", "event_type", "timestamp", "service"));

  /** The topic of events without one. */
  final String topic;

  /** The status of a successful response. */
  final String status;

  /** Whether {@code request_id} is an id of the event. */
  final boolean requestIsEvent;

  /** Fields to ignore, because they repeat others or are assigned by each database. */
  final Set<String> ignored;

  IngestEndpoint(String topic, String status, boolean requestIsEvent, Set<String> ignored) {
    this.topic = topic;
    this.status = status;
    this.requestIsEvent = requestIsEvent;
    this.ignored = ignored;
  }
}
