/** Events in, exactly once. */
@NullMarked
package dev.lastword.event;

import org.jspecify.annotations.NullMarked;
