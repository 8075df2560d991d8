package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/**
 * A value of an event that has several names. Lastword's own name takes precedence over those of
 * other systems.
 */
final class AliasedField {
  private @Nullable String name;
  private @Nullable String value;

  /** A value that is not used, and its name. */
  record Left(String name, String value) {}

  /**
   * Sets the value, unless the current one takes precedence.
   *
   * @return the value that is not used, null if there is none
   */
  @Nullable Left set(String givenName, boolean own, String given) {
    String hadName = name;
    String had = value;
    if (hadName != null && had != null && !own) {
      return new Left(givenName, given);
    }
    name = givenName;
    value = given;
    return hadName == null || had == null ? null : new Left(hadName, had);
  }

  @Nullable String value() {
    return value;
  }

  boolean cameAs(String other) {
    return other.equals(name);
  }
}
