/** Daily counts, written in the transactions of ingest and promotion. */
@NullMarked
package dev.lastword.daily;

import org.jspecify.annotations.NullMarked;
