/** What keeps a node and its tables going: the embedded database, partitions, health. */
@NullMarked
package dev.lastword.ops;

import org.jspecify.annotations.NullMarked;
