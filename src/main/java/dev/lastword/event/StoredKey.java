package dev.lastword.event;

import java.time.LocalDateTime;

/**
 * What {@code event_key} says of the first event of a key.
 *
 * @param id its row in {@code event_log}
 * @param content see {@link Event#content}
 */
record StoredKey(EventKey key, long id, LocalDateTime occurredAt, long content) {}
