/** Daily counts, kept by the transaction that adds the rows. */
@NullMarked
package dev.lastword.stats;

import org.jspecify.annotations.NullMarked;
