/** The commands of {@code lastword}, one class each, and what they share. */
@NullMarked
package dev.lastword.cli;

import org.jspecify.annotations.NullMarked;
