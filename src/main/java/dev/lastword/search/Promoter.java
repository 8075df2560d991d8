package dev.lastword.search;

import dev.lastword.database.DatabaseError;
import dev.lastword.row.RowIds;
import dev.lastword.search.ClaimRepository.Candidate;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves finished searches from staging into the log.
 *
 * <ol>
 *   <li>Find some keys of aged rows by a plain read, some buckets at a time (see {@link
 *       StagingScan}).
 *   <li>In one transaction: lock these rows by primary key, skipping those that somebody else
 *       holds, and look at their age again; read what their sessions logged lately; let {@link
 *       PromotionRules} decide what is a search; insert the searches, add them to the daily counts,
 *       tell the streams of them, delete the rows.
 * </ol>
 *
 * <p>Any number of promoters may run at once, on any nodes: a row is claimed by one of them, and a
 * typist who comes back in between finds the row gone and starts a new one. The database lock
 * around the job saves work, it does not keep the log right.
 */
@Singleton
class Promoter {
  private static final Logger LOG = LoggerFactory.getLogger(Promoter.class);
  // Its rows are locked for as long as the batch takes: a tenth of a second while there is much to
  // do.
  private static final int BATCH = 1_000;
  private static final int TRIES = 5;
  // Rows of typists who never pause, in one run: each may take a second to get hold of.
  private static final int MAX_CROWDED = 4;

  private final ClaimRepository claims;
  private final SearchRepository searches;
  private final SearchWriter writer;
  private final RowIds ids;
  private final TransactionOperations<Connection> transactions;
  private final PromotionMeters meters;
  private final DebounceSettings settings;

  Promoter(
      ClaimRepository claims,
      SearchRepository searches,
      SearchWriter writer,
      @Named("searches") RowIds ids,
      TransactionOperations<Connection> transactions,
      PromotionMeters meters,
      DebounceSettings settings) {
    this.claims = claims;
    this.searches = searches;
    this.writer = writer;
    this.ids = ids;
    this.transactions = transactions;
    this.meters = meters;
    this.settings = settings;
  }

  /**
   * Promotes one batch, or what there is.
   *
   * @param scan chooses the buckets; each job has its own
   * @return whether there may be more to promote at once
   * @throws RuntimeException if the database fails; the rows stay staged
   */
  boolean promote(StagingScan scan) {
    scan.begin();
    while (scan.hasNext()) {
      long start = System.nanoTime();
      List<Candidate> found = claims.find(scan.first(), scan.last(), BATCH);
      scan.took(System.nanoTime() - start);
      int promoted = promoteFound(found);
      if (found.size() == BATCH) {
        scan.endAfter(found.get(BATCH - 1).key().bucket());
        return promoted > 0;
      }
      scan.next();
    }
    return false;
  }

  private int promoteFound(List<Candidate> found) {
    List<SessionKey> aged =
        found.stream().filter(row -> !row.crowded()).map(Candidate::key).toList();
    int promoted = aged.isEmpty() ? 0 : promote(aged);
    for (Candidate row : found.stream().filter(Candidate::crowded).limit(MAX_CROWDED).toList()) {
      promoted += promoteCrowded(row.key());
    }
    return promoted;
  }

  /** A row that is always being written would be skipped for ever: this one waits for it. */
  private int promoteCrowded(SessionKey key) {
    try {
      return inOneTransaction(List.of(key), true);
    } catch (RuntimeException e) {
      DatabaseError kind = DatabaseError.of(e);
      if (kind == DatabaseError.CONFLICT || DatabaseError.isDuplicateKey(e)) {
        return 0; // the next run tries again
      }
      if (kind == DatabaseError.DATA) {
        return isolate(List.of(key), e);
      }
      throw e;
    }
  }

  /**
   * Promotes these rows, all in one transaction unless the database refuses one of them; says how
   * many it claimed.
   */
  private int promote(List<SessionKey> keys) {
    for (int attempt = 1; ; attempt++) {
      try {
        return inOneTransaction(keys, false);
      } catch (RuntimeException e) {
        DatabaseError kind = DatabaseError.of(e);
        // Another node may have given the same id; the next attempt takes others.
        boolean again = kind == DatabaseError.CONFLICT || DatabaseError.isDuplicateKey(e);
        if (!again || attempt == TRIES) {
          if (kind == DatabaseError.DATA) {
            return isolate(keys, e);
          }
          throw e;
        }
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(10L * attempt)));
      }
    }
  }

  /**
   * Halves the batch until the rows that cannot be logged stand alone; those stay staged, marked,
   * where the DBA finds them.
   */
  private int isolate(List<SessionKey> keys, RuntimeException error) {
    if (keys.size() == 1) {
      meters.refused();
      String reason = DatabaseError.code(error);
      claims.refuse(keys.get(0), reason);
      LOG.error("Session {} cannot be promoted: {}", keys.get(0).sessionId(), reason);
      return 0;
    }
    int half = keys.size() / 2;
    return promote(keys.subList(0, half)) + promote(keys.subList(half, keys.size()));
  }

  private int inOneTransaction(List<SessionKey> keys, boolean wait) {
    long start = System.nanoTime();
    PromotionRules rules = new PromotionRules(settings.rest());
    List<Search> promoted = new ArrayList<>();
    List<StagedRow> rows =
        transactions.executeWrite(
            status -> {
              List<StagedRow> claimed = claims.claim(keys, wait);
              Map<SessionKey, List<Search>> logged = loggedLately(claimed);
              for (StagedRow row : claimed) {
                List<Search> before = logged.getOrDefault(row.key(), List.of());
                for (Search search : rules.keep(row, before)) {
                  promoted.add(search.withId(ids.next(idTime(row, before))));
                }
              }
              write(claimed, promoted);
              return claimed;
            });
    meters.promoted(rows, promoted, rules.drops(), System.nanoTime() - start);
    return rows.size();
  }

  /** Now; after what the session logged, also if the database's clock was set back. */
  private static long idTime(StagedRow row, List<Search> logged) {
    long now = row.now().toInstant(ZoneOffset.UTC).toEpochMilli();
    return logged.stream()
        .mapToLong(search -> RowIds.millis(search.id()) + 1)
        .reduce(now, Math::max);
  }

  private void write(List<StagedRow> claimed, List<Search> promoted) {
    writer.add(promoted);
    List<SessionKey> done = claimed.stream().filter(StagedRow::aged).map(StagedRow::key).toList();
    if (!done.isEmpty()) {
      claims.delete(done);
    }
    claimed.stream().filter(row -> !row.aged()).forEach(claims::clearFinished);
  }

  /**
   * What the sessions logged within the look-back of their rows. A keystroke that comes late by the
   * clock of its client may be one that was delivered before, so the look-back begins at the older
   * of its two times.
   */
  private Map<SessionKey, List<Search>> loggedLately(List<StagedRow> rows) {
    Map<Integer, List<SessionKey>> byTenant = new LinkedHashMap<>();
    LocalDateTime oldest = LocalDateTime.MAX;
    for (StagedRow row : rows) {
      byTenant.computeIfAbsent(row.key().tenantId(), tenant -> new ArrayList<>()).add(row.key());
      for (StagedRow.Finished text : row.texts()) {
        oldest = min(oldest, text.lastSeen());
        oldest = text.typedAt() == null ? oldest : min(oldest, text.typedAt());
      }
    }
    Map<SessionKey, List<Search>> logged = new HashMap<>();
    for (Map.Entry<Integer, List<SessionKey>> tenant : byTenant.entrySet()) {
      logged.putAll(
          searches.since(
              oldest.minus(PromotionRules.LOOK_BACK), tenant.getKey(), tenant.getValue()));
    }
    return logged;
  }

  private static LocalDateTime min(LocalDateTime a, LocalDateTime b) {
    return a.isBefore(b) ? a : b;
  }
}
