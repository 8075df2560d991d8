package dev.lastword.erasure;

import dev.lastword.access.Audit;
import dev.lastword.access.Tenant;
import dev.lastword.database.DatabaseError;
import dev.lastword.erasure.ErasureRepository.Kind;
import dev.lastword.event.store.UserEvents;
import dev.lastword.feed.Feed;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import dev.lastword.idempotency.IdempotencyKeys;
import dev.lastword.rollup.UserCounts;
import dev.lastword.rollup.UserCounts.Uncounted;
import dev.lastword.row.Text;
import dev.lastword.row.UserSelection;
import dev.lastword.search.UserSearches;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Erases users, while ingest goes on.
 *
 * <ol>
 *   <li>Delete staged rows. A promoter that has claimed one is waited for, and has logged it then.
 *   <li>Delete rows of the logs, some hundred in one transaction: under the lock of the rollup,
 *       take rows that are counted out of the counts, and delete them with their keys. Rows that
 *       are not counted yet are counted first.
 *   <li>Delete dead letters, and stored answers about deleted events.
 *   <li>Remove the user from the active users of days without a row of the user.
 *   <li>Finish the receipt, which forgets the user.
 * </ol>
 *
 * <p>The receipt counts in the transactions that delete, and each step can be repeated. So any
 * number of nodes may work on an erasure at once, and after a crash another one resumes it.
 */
@Singleton
public class Erasures {
  private static final int MAX_USER_ID = 255;
  private static final Duration COUNTING = Duration.ofSeconds(1);
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(50);

  private final ErasureRepository repository;
  private final UserSearches searches;
  private final UserEvents events;
  private final IdempotencyKeys answers;
  private final UserCounts counts;
  private final Audit audit;
  private final TransactionOperations<Connection> transactions;

  Erasures(
      ErasureRepository repository,
      UserSearches searches,
      UserEvents events,
      IdempotencyKeys answers,
      UserCounts counts,
      Audit audit,
      TransactionOperations<Connection> transactions) {
    this.repository = repository;
    this.searches = searches;
    this.events = events;
    this.answers = answers;
    this.counts = counts;
    this.audit = audit;
    this.transactions = transactions;
  }

  /**
   * Requests an erasure, which nodes carry out from then on.
   *
   * @param actor the administrator, see {@link dev.lastword.access.Caller#getName}
   * @return its id
   * @throws io.micronaut.http.exceptions.HttpStatusException with a sentence if a value is wrong
   */
  @Transactional
  public long request(String actor, Tenant tenant, String userId, TimeRange range) {
    String stripped = userId.strip();
    Parameters.require(
        !stripped.isEmpty() && Text.isName(stripped, MAX_USER_ID),
        "user_id must have 1 to %d characters, and no control characters.".formatted(MAX_USER_ID));
    long id = repository.insert(tenant.id(), stripped, range.from(), range.to(), actor);
    audit.add(tenant.id(), actor, "user.erase", Long.toString(id), "");
    return id;
  }

  public Optional<Erasure> find(long id) {
    return repository.find(id);
  }

  /**
   * Lists erasures, newest first.
   *
   * @param tenantId null for all tenants
   * @param before only those with smaller ids
   */
  public List<Erasure> list(@Nullable Integer tenantId, long before, int limit) {
    return repository.list(tenantId, before, limit);
  }

  /** Returns the ids of erasures that are not finished, oldest first. */
  List<Long> unfinished() {
    return repository.unfinished();
  }

  /** Returns the time of the last erasure that was finished; empty if there was none. */
  public Optional<Instant> lastFinished() {
    return repository.lastFinished();
  }

  /**
   * Carries out an erasure, or resumes it.
   *
   * @param nanos time to spend at most, apart from a step that has begun
   * @return whether it is finished
   * @throws RuntimeException if the database fails; what was done so far stays done
   */
  public boolean run(long id, long nanos) {
    long deadline = System.nanoTime() + nanos;
    while (System.nanoTime() - deadline < 0) {
      try {
        return erase(id, deadline);
      } catch (RuntimeException e) {
        // Rows that another transaction has locked: a promoter, or a node that froze.
        if (DatabaseError.of(e) != DatabaseError.CONFLICT) {
          throw e;
        }
        LockSupport.parkNanos(RETRY);
      }
    }
    return false;
  }

  private boolean erase(long id, long deadline) {
    UserSelection selection = repository.selection(id).orElse(null);
    if (selection == null) {
      return true;
    }
    erase(id, Kind.STAGED, () -> searches.deleteStaged(selection));
    for (Feed feed : Feed.values()) {
      if (!eraseLogged(id, feed, selection, deadline)) {
        return false;
      }
    }
    erase(id, Kind.DEAD_LETTERS, () -> events.deleteDeadLetters(selection));
    int tenant = selection.tenantId();
    erase(
        id,
        Kind.ANSWERS,
        () -> answers.deleteConflicts(tenant, answer -> events.isAboutDeleted(tenant, answer)));
    counts.clearDays(selection, days -> repository.add(id, Kind.ACTIVE_DAYS, days));
    repository.finish(id);
    return true;
  }

  /** Deletes rows, and adds their number to the receipt, in one transaction. */
  private void erase(long id, Kind kind, IntSupplier deletion) {
    transactions.executeWrite(
        status -> {
          repository.add(id, kind, deletion.getAsInt());
          return null;
        });
  }

  private boolean eraseLogged(long id, Feed feed, UserSelection selection, long deadline) {
    counts.countAll(COUNTING);
    while (System.nanoTime() - deadline < 0) {
      Uncounted deleted =
          transactions.executeWrite(
              status -> {
                Uncounted rows = counts.take(status.getConnection(), feed, selection);
                if (rows != null && !rows.keys().isEmpty()) {
                  delete(feed, rows);
                  repository.add(
                      id, feed == Feed.SEARCHES ? Kind.SEARCHES : Kind.EVENTS, rows.keys().size());
                }
                return rows;
              });
      if (deleted == null) {
        counts.countAll(COUNTING);
      } else if (deleted.keys().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void delete(Feed feed, Uncounted rows) {
    if (feed == Feed.SEARCHES) {
      searches.delete(rows.keys(), rows.earliest(), rows.latest());
    } else {
      events.delete(rows.keys(), rows.earliest(), rows.latest());
    }
  }
}
