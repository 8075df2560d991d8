package dev.lastword.access;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Permissions of a key. None includes another. */
public enum Scope {
  /** To send keystrokes and events. Such a key may be part of a web page. */
  WRITE,
  /** To read logs, streams and answers. */
  READ,
  /** To manage keys, and in the default tenant also tenants. */
  ADMIN;

  /** Returns the name in JSON, in the database and on the command line. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Joins the names with commas, in the order of the constants. */
  static String join(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(","));
  }

  /** Splits what {@link #join} returned. */
  static Set<Scope> split(String scopes) {
    Set<Scope> found = EnumSet.noneOf(Scope.class);
    for (String text : scopes.split(",")) {
      found.add(valueOf(text.toUpperCase(Locale.ROOT)));
    }
    return found;
  }
}
