/** What people and programs read: searches, events, streams, staged rows, totals. */
@NullMarked
package dev.lastword.query;

import org.jspecify.annotations.NullMarked;
