/** What keeps a node and its tables going: the database of its own, partitions, health. */
@NullMarked
package dev.lastword.ops;

import org.jspecify.annotations.NullMarked;
