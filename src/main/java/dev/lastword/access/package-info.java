/** Who may do what. */
@NullMarked
package dev.lastword.access;

import org.jspecify.annotations.NullMarked;
