/** Keystrokes in, searches out: the fold, staging and promotion. */
@NullMarked
package dev.lastword.search;

import org.jspecify.annotations.NullMarked;
