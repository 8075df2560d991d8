package dev.lastword.access;

/** The owner of rows. */
public final class Tenant {
  /** The tenant of requests without a key. */
  public static final int DEFAULT_ID = 1;

  private Tenant() {}
}
