package dev.lastword.simulation;

/**
 * A keystroke of a simulated session as the server receives it.
 *
 * @param arrives milliseconds since the session began
 * @param typed the time of typing by the clock of the client, which may be wrong
 * @param text the text in the box; empty if it was cleared
 * @param submitted whether Enter was pressed
 */
public record SimulatedRequest(long arrives, long typed, String text, boolean submitted) {}
