/** Simulated typists, for the demo, the tests of fidelity and the load tests. */
@NullMarked
package dev.lastword.simulation;

import org.jspecify.annotations.NullMarked;
