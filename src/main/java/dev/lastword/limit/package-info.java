/** Limits of the rate of requests. */
@NullMarked
package dev.lastword.limit;

import org.jspecify.annotations.NullMarked;
