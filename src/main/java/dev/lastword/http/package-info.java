/** What all HTTP answers share: the RFC 9457 problem. */
@NullMarked
package dev.lastword.http;

import org.jspecify.annotations.NullMarked;
