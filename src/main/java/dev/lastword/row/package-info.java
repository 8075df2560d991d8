/**
 * What the rows of all logs share: their ids, their keys, and the number of the node that writes
 * them.
 */
@NullMarked
package dev.lastword.row;

import org.jspecify.annotations.NullMarked;
