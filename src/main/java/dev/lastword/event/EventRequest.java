package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/**
 * A request with events.
 *
 * @param lines whether the body is NDJSON
 * @param onDuplicate the query parameter of that name
 */
record EventRequest(
    IngestEndpoint endpoint, boolean lines, byte[] body, @Nullable String onDuplicate) {}
