package dev.lastword.access;

/** Whose rows they are. */
public final class Tenant {
  /** The tenant of everything that comes in without a key. */
  public static final int DEFAULT_ID = 1;

  private Tenant() {}
}
