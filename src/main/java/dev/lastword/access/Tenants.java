package dev.lastword.access;

import dev.lastword.http.Parameters;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Creates and finds tenants. */
@Singleton
public class Tenants {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private final TenantRepository repository;

  Tenants(TenantRepository repository) {
    this.repository = repository;
  }

  /**
   * Creates a tenant.
   *
   * @return empty if there is one of this name
   * @throws io.micronaut.http.exceptions.HttpStatusException with a sentence if the name is wrong
   */
  public Optional<Tenant> create(String name) {
    Parameters.require(
        NAME.matcher(name).matches(),
        "name must be 1 to 64 lower-case letters, digits and hyphens, and not start with a hyphen.");
    return repository.insert(name);
  }

  public Optional<Tenant> find(String name) {
    return repository.find(name);
  }

  /**
   * Lists tenants by name.
   *
   * @param after the last name of the page before; empty for the first page
   */
  public List<Tenant> list(String after, int limit) {
    return repository.list(after, limit);
  }
}
