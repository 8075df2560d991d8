/**
 * One order of all that is logged, shared by all nodes: who writes tells it, who streams reads it.
 */
@NullMarked
package dev.lastword.feed;

import org.jspecify.annotations.NullMarked;
