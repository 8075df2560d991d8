package dev.lastword.stream;

/**
 * A row as streams send it.
 *
 * @param topic of an event; empty for a search
 * @param frame all that a reader gets of it; made once for all of them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StreamEntry(long position, int tenantId, String topic, byte[] frame) {}
