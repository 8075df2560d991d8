package dev.lastword.stream;

/**
 * A row of a stream.
 *
 * @param topic of an event; empty for a search
 * @param frame the bytes to send, encoded once for all subscribers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StreamEntry(long position, int tenantId, String topic, byte[] frame) {}
