/** Queries of searches, events and staged sessions: filters, cursors, pages, downloads. */
@NullMarked
package dev.lastword.query;

import org.jspecify.annotations.NullMarked;
