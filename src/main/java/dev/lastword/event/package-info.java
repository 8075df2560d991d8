/** Events in: endpoints, fields, dead letters. */
@NullMarked
package dev.lastword.event;

import org.jspecify.annotations.NullMarked;
