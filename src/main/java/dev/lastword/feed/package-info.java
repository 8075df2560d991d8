/** The feed: one order of all logged rows, shared by all nodes. */
@NullMarked
package dev.lastword.feed;

import org.jspecify.annotations.NullMarked;
