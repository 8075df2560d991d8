/** The store of events: each is committed exactly once. */
@NullMarked
package dev.lastword.event.store;

import org.jspecify.annotations.NullMarked;
