/**
 * What is done on a connection, before and after the framework: limits of requests, decompression,
 * headers of all responses, TLS.
 */
@NullMarked
package dev.lastword.http.connection;

import org.jspecify.annotations.NullMarked;
