/** Limits of the rate of requests, and traffic that is left out. */
@NullMarked
package dev.lastword.limit;

import org.jspecify.annotations.NullMarked;
