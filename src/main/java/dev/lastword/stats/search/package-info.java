/** Answers about searches. */
@NullMarked
package dev.lastword.stats.search;

import org.jspecify.annotations.NullMarked;
