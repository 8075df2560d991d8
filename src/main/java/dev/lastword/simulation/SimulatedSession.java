package dev.lastword.simulation;

import java.util.List;

/**
 * One session of a simulated person.
 *
 * @param requests the keystrokes, in the order of arrival
 * @param meant what the person searched for, oldest first
 * @param lookedAt the same, including prefixes of others
 */
public record SimulatedSession(
    List<SimulatedRequest> requests, List<String> meant, List<String> lookedAt) {}
