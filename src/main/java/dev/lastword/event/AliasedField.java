package dev.lastword.event;

import org.jspecify.annotations.Nullable;

/** A value of an event that goes by several names: its own one wins over those of other systems. */
final class AliasedField {
  private @Nullable String name;
  private @Nullable String value;

  /** A value that was not needed, and the name that it came by. */
  record Left(String name, String value) {}

  /** Takes a value; returns the one, of this and of what it had, that is left over. */
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
