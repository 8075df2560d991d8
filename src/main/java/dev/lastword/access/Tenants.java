package dev.lastword.access;

import dev.lastword.http.Parameters;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Creates and finds tenants. */
@Singleton
public class Tenants {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private final TenantRepository repository;
  private final Audit audit;

  Tenants(TenantRepository repository, Audit audit) {
    this.repository = repository;
    this.audit = audit;
  }

  /**
   * Creates a tenant.
   *
   * @param actor the administrator, see {@link Caller#getName}
   * @return empty if there is one of this name
   * @throws io.micronaut.http.exceptions.HttpStatusException with a sentence if the name is wrong
   */
  @Transactional
  public Optional<Tenant> create(String actor, String name) {
    Parameters.require(
        NAME.matcher(name).matches(),
        "name must be 1 to 64 lower-case letters, digits and hyphens, and not start with a hyphen.");
    Optional<Tenant> created = repository.insert(name);
    created.ifPresent(tenant -> audit.add(tenant.id(), actor, "tenant.create", name, ""));
    return created;
  }

  public Optional<Tenant> find(String name) {
    return repository.find(name);
  }

  /**
   * Finds a tenant that a caller may manage; the caller's own if no name is given. That of others
   * is answered like one that does not exist.
   */
  public Tenant manageableBy(Caller caller, @Nullable String name) {
    return find(name == null ? caller.tenant() : name)
        .filter(tenant -> caller.isOperator() || tenant.id() == caller.tenantId())
        .orElseThrow(
            () -> new HttpStatusException(HttpStatus.BAD_REQUEST, "There is no such tenant."));
  }

  /**
   * Returns the id of the tenant of a list; null for all tenants, which is the default of callers
   * that may see them.
   */
  public @Nullable Integer visibleTo(Caller caller, @Nullable String name) {
    return name == null && caller.isOperator() ? null : (Integer) manageableBy(caller, name).id();
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
