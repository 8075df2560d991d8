/** Counts that follow the feeds: searches, and active users. */
@NullMarked
package dev.lastword.rollup;

import org.jspecify.annotations.NullMarked;
