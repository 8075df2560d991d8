/** Lastword logs what people searched for instead of the keys they pressed. */
@NullMarked
package dev.lastword;

import org.jspecify.annotations.NullMarked;
