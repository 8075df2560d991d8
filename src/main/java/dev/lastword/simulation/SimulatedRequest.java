package dev.lastword.simulation;

/**
 * A keystroke of a simulated session as the server gets it.
 *
 * @param arrives milliseconds since the session began
 * @param typed the same by the clock of the typist's machine, which may be wrong
 * @param text what was in the box; empty where it was cleared
 * @param submitted whether Enter was pressed
 */
public record SimulatedRequest(long arrives, long typed, String text, boolean submitted) {}
