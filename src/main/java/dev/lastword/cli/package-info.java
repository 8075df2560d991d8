/** The commands of {@code lastword}, one class each. */
@NullMarked
package dev.lastword.cli;

import org.jspecify.annotations.NullMarked;
