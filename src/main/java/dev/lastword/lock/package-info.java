/** The database lock for jobs. */
@NullMarked
package dev.lastword.lock;

import org.jspecify.annotations.NullMarked;
