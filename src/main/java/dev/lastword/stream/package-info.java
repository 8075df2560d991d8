/** Server-sent events: searches and events as they are logged, in the order of the feed. */
@NullMarked
package dev.lastword.stream;

import org.jspecify.annotations.NullMarked;
