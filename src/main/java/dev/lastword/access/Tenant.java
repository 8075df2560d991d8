package dev.lastword.access;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;

/** An owner of rows. */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
public record Tenant(int id, String name, Instant createdAt) {
  /** The tenant of requests without a key. Its keys of scope admin manage all tenants. */
  public static final int DEFAULT_ID = 1;

  public static final String DEFAULT = "default";
}
