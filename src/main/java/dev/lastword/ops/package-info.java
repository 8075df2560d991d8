/** Operation of a node and its tables: partitions, retention, doctor, logging. */
@NullMarked
package dev.lastword.ops;

import org.jspecify.annotations.NullMarked;
