package dev.lastword.access;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a call requires. A call without this annotation and without {@link
 * dev.lastword.http.OpenToAll} requires {@link Scope#ADMIN} of the default tenant.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiresScope {
  /** One scope, or none if any key will do. */
  Scope[] value();

  /** Whether the key must be one of the default tenant, because the call is about all tenants. */
  boolean operator() default false;
}
