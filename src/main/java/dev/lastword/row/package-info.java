/**
 * What rows of all logs share: ids, keys, text rules, timestamps, and the number of the node that
 * writes them.
 */
@NullMarked
package dev.lastword.row;

import org.jspecify.annotations.NullMarked;
