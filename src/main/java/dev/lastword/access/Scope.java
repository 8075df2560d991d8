package dev.lastword.access;

import dev.lastword.http.Parameters;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

  /** Returns the names, in the order of the constants. */
  public static List<String> names(Collection<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).toList();
  }

  /**
   * Returns the scopes of these names.
   *
   * @throws IllegalArgumentException if there is no scope of a name
   */
  static Set<Scope> of(String... names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String name : names) {
      scopes.add(valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return scopes;
  }

  /**
   * Returns the scopes of the names in a request; other names are answered with 400.
   *
   * @param parameter the name of the parameter, field or option
   */
  public static Set<Scope> parse(String parameter, Collection<String> names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    names.forEach(
        name -> scopes.add(Parameters.oneOf(parameter, String.valueOf(name), Scope.class)));
    return scopes;
  }
}
