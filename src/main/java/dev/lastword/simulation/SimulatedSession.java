package dev.lastword.simulation;

import java.util.List;

/**
 * What a simulated person did in one session.
 *
 * @param deliveries the keystrokes, in the order of arrival
 * @param meant what the person searched for, oldest first
 * @param lookedAt the same with the texts that were only the beginning of another
 */
public record SimulatedSession(
    List<SimulatedRequest> deliveries, List<String> meant, List<String> lookedAt) {}
