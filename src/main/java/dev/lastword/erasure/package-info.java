/** Removing a person: from staging, logs, counts, keys, dead letters and answers. */
@NullMarked
package dev.lastword.erasure;

import org.jspecify.annotations.NullMarked;
