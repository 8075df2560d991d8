package dev.lastword.http;

import org.reactivestreams.Publisher;

/**
 * The body of an answer that is sent chunk by chunk.
 *
 * @param chunks is asked for the next chunk when the connection has taken the one before, and is
 *     cancelled when the connection closes
 * @param onEnd runs once or more when nothing of it is needed any longer: it was sent, or failed,
 *     or the client went away, even before anything was asked for
 */
public record StreamedBody(Publisher<byte[]> chunks, Runnable onEnd) {}
