package dev.lastword.event;

import java.time.LocalDateTime;

/**
 * What {@code event_key} says of the first event of a key.
 *
 * @param id its row in {@code event_log}
 * @param batch the transaction that stored it
 * @param content see {@link Event#content}
 */
record StoredKey(EventKey key, long id, long batch, LocalDateTime occurredAt, long content) {}
