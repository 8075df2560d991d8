/** Totals of searches and events. */
@NullMarked
package dev.lastword.stats;

import org.jspecify.annotations.NullMarked;
