package dev.lastword.search;

import dev.lastword.database.DatabaseError;
import dev.lastword.redaction.KeywordMask;
import dev.lastword.row.RowIds;
import dev.lastword.row.Timestamps;
import dev.lastword.search.ClaimRepository.Candidate;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves finished searches from staging into the log.
 *
 * <ol>
 *   <li>Find some keys of aged rows by a plain read, some buckets at a time (see {@link
 *       StagingScan}).
 *   <li>In one transaction: lock these rows by primary key, skipping locked ones, and check their
 *       age again; mask personal data in their texts; read what their sessions logged recently; let
 *       {@link PromotionRules} decide which texts are searches, and which complete a logged one;
 *       insert and amend the searches, add them to the feed, delete the rows.
 * </ol>
 *
 * <p>A transaction is bounded in rows, and in the time that masking takes, since the server ends
 * one that is idle for too long. Rows with few texts come first, and those with many get a part of
 * the time, so that no client can keep the searches of others waiting.
 *
 * <p>Any number of promoters may run at once, on any nodes: each row is claimed by one of them, and
 * a typist who returns meanwhile starts a new row. The database lock of the job saves work;
 * correctness does not depend on it.
 */
@Singleton
class Promoter {
  private static final Logger LOG = LoggerFactory.getLogger(Promoter.class);
  // The rows of a batch stay locked until it commits, a tenth of a second under load.
  private static final int BATCH = 1_000;
  // Masking a text takes up to milliseconds, while the rows are locked.
  private static final long MAX_MASKING = TimeUnit.MILLISECONDS.toNanos(500);
  // Rows with more finished searches come after the others, some at a time.
  private static final int LIGHT = 3;
  private static final int HEAVY_BATCH = 32;
  private static final long MAX_HEAVY = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int TRIES = 5;
  // Rows of typists who never pause, in one run: locking each may take a second.
  private static final int MAX_CROWDED = 4;
  // Rows whose sessions may have logged thousands of searches: read from the newest back.
  private static final int FEW = 8;
  // Each may have 32 finished searches.
  private static final int CROWDED_BATCH = 64;

  private final ClaimRepository claims;
  private final SearchRepository searches;
  private final SearchWriter writer;
  private final RowIds ids;
  private final TransactionOperations<Connection> transactions;
  private final PromotionMeters meters;
  private final DebounceSettings settings;
  private final KeywordMask mask;
  // Rows of a transaction: fewer after a lost connection, until some succeed.
  private volatile int batch = BATCH;

  Promoter(
      ClaimRepository claims,
      SearchRepository searches,
      SearchWriter writer,
      @Named("searches") RowIds ids,
      TransactionOperations<Connection> transactions,
      PromotionMeters meters,
      DebounceSettings settings,
      KeywordMask mask) {
    this.claims = claims;
    this.searches = searches;
    this.writer = writer;
    this.ids = ids;
    this.transactions = transactions;
    this.meters = meters;
    this.settings = settings;
    this.mask = mask;
  }

  /**
   * Promotes one batch at most.
   *
   * @param scan chooses the buckets; each job has its own
   * @return whether there may be more to promote at once
   * @throws RuntimeException if the database fails; the rows stay staged
   */
  boolean promote(StagingScan scan) {
    return promote(scan, claims::find);
  }

  /**
   * Promotes one batch at most of the rows that have not waited for long, so that what is searched
   * now need not wait until a backlog is done.
   *
   * @param scan another one than that of {@link #promote}
   */
  void promoteLatest(StagingScan scan) {
    promote(scan, claims::findLatest);
  }

  /** Finds rows that may be promoted. */
  private interface Finder {
    List<Candidate> find(int firstBucket, int lastBucket, int limit);
  }

  private boolean promote(StagingScan scan, Finder finder) {
    boolean more = false;
    scan.begin();
    while (scan.hasNext()) {
      long start = System.nanoTime();
      List<Candidate> found = finder.find(scan.first(), scan.last(), BATCH);
      scan.took(System.nanoTime() - start);
      scan.found(found);
      int promoted = promoteFound(found);
      more |= promoted > 0 && promoted < found.size();
      if (found.size() == BATCH) {
        scan.endAfter(found.get(BATCH - 1).key().bucket());
        return promoted > 0;
      }
      scan.next();
    }
    return more;
  }

  /**
   * Promotes those of these rows that have many finished searches, so that there is room for more.
   * Waits for their locks.
   *
   * @throws RuntimeException if the database fails; the rows stay staged
   */
  void promoteCrowded(List<SessionKey> keys) {
    for (int first = 0; first < keys.size(); first += CROWDED_BATCH) {
      promote(keys.subList(first, Math.min(keys.size(), first + CROWDED_BATCH)), true);
    }
  }

  private int promoteFound(List<Candidate> found) {
    int promoted = 0;
    int size = batch;
    List<SessionKey> light = aged(found, row -> row.finished() <= LIGHT);
    for (int first = 0; first < light.size(); first += size) {
      promoted += promote(light.subList(first, Math.min(light.size(), first + size)), false);
    }
    // Those of one client, with up to 32 searches each, must not keep those of all others waiting.
    List<SessionKey> heavy = aged(found, row -> row.finished() > LIGHT);
    int step = Math.min(HEAVY_BATCH, size);
    long start = System.nanoTime();
    for (int first = 0;
        first < heavy.size() && System.nanoTime() - start < MAX_HEAVY;
        first += step) {
      promoted += promote(heavy.subList(first, Math.min(heavy.size(), first + step)), false);
    }
    for (Candidate row : found.stream().filter(Candidate::crowded).limit(MAX_CROWDED).toList()) {
      promoted += promoteCrowded(row.key());
    }
    return promoted;
  }

  private static List<SessionKey> aged(List<Candidate> found, Predicate<Candidate> which) {
    return found.stream().filter(row -> !row.crowded()).filter(which).map(Candidate::key).toList();
  }

  /**
   * Promotes a row that is written all the time: waits for its lock, because it would be skipped
   * forever.
   */
  private int promoteCrowded(SessionKey key) {
    try {
      return inOneTransaction(List.of(key), true);
    } catch (RuntimeException e) {
      DatabaseError kind = DatabaseError.of(e);
      if (kind == DatabaseError.CONFLICT || DatabaseError.isDuplicateKey(e)) {
        return 0; // the next run retries
      }
      if (kind == DatabaseError.DATA) {
        return isolate(List.of(key), true, e);
      }
      throw e;
    }
  }

  /**
   * Promotes these rows, in one transaction unless the database refuses one of them.
   *
   * @return the number of claimed rows
   */
  private int promote(List<SessionKey> keys, boolean wait) {
    for (int attempt = 1; ; attempt++) {
      try {
        int promoted = inOneTransaction(keys, wait);
        batch = Math.min(BATCH, 2 * batch);
        return promoted;
      } catch (RuntimeException e) {
        DatabaseError kind = DatabaseError.of(e);
        if (kind == DatabaseError.UNAVAILABLE) {
          // Perhaps because the batch took so long that the server closed the connection.
          batch = Math.max(1, Math.min(batch, keys.size()) / 2);
        }
        // Another node may have assigned the same id; the next attempt uses others.
        boolean retryable = kind == DatabaseError.CONFLICT || DatabaseError.isDuplicateKey(e);
        if (!retryable || attempt == TRIES) {
          if (kind == DatabaseError.DATA) {
            return isolate(keys, wait, e);
          }
          throw e;
        }
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(10L * attempt)));
      }
    }
  }

  /**
   * Halves the batch until each row that cannot be logged is alone. Such rows stay staged and
   * marked, so that the DBA finds them.
   */
  private int isolate(List<SessionKey> keys, boolean wait, RuntimeException error) {
    if (keys.size() == 1) {
      meters.refused();
      String reason = DatabaseError.code(error);
      claims.refuse(keys.get(0), reason);
      LOG.error("Session {} cannot be promoted: {}", keys.get(0).sessionId(), reason);
      return 0;
    }
    int half = keys.size() / 2;
    return promote(keys.subList(0, half), wait) + promote(keys.subList(half, keys.size()), wait);
  }

  private int inOneTransaction(List<SessionKey> keys, boolean wait) {
    long start = System.nanoTime();
    PromotionRules rules = new PromotionRules(settings);
    List<Search> added = new ArrayList<>();
    List<Search> amended = new ArrayList<>();
    Map<Integer, Integer> masked = new HashMap<>();
    List<StagedRow> rows =
        transactions.executeWrite(
            status -> {
              List<StagedRow> claimed = masked(claims.claim(keys, wait), masked);
              if (claimed.isEmpty()) {
                return claimed;
              }
              Map<SessionKey, List<Search>> logged = loggedLately(claimed);
              for (StagedRow row : claimed) {
                List<Search> before = logged.getOrDefault(row.key(), List.of());
                PromotionRules.Kept kept = rules.keep(row, before);
                amended.addAll(kept.amended());
                for (Search search : kept.added()) {
                  added.add(search.withId(ids.next(idTime(row, before))));
                }
              }
              writer.add(added);
              writer.amend(amended, claimed.get(0).now());
              leave(claimed);
              return claimed;
            });
    masked.forEach(mask::count);
    meters.promoted(rows, added, amended, rules.drops(), System.nanoTime() - start);
    return rows.size();
  }

  /** Masks the texts of rows, as many as there is time for. The others stay staged. */
  private List<StagedRow> masked(List<StagedRow> rows, Map<Integer, Integer> counts) {
    long start = System.nanoTime();
    List<StagedRow> masked = new ArrayList<>(rows.size());
    for (StagedRow row : rows) {
      masked.add(row.map(text -> mask(row.key().tenantId(), text, counts)));
      if (System.nanoTime() - start > MAX_MASKING) {
        break;
      }
    }
    return masked;
  }

  private String mask(int tenantId, String text, Map<Integer, Integer> counts) {
    String masked = mask.mask(text);
    if (!masked.equals(text)) {
      counts.merge(tenantId, 1, Integer::sum);
    }
    return masked;
  }

  /**
   * Returns the current time, but never a time before the session's newest search, even if the
   * database's clock was set back.
   */
  private static long idTime(StagedRow row, List<Search> logged) {
    long now = Timestamps.fromDatabase(row.now()).toEpochMilli();
    return logged.stream()
        .mapToLong(search -> RowIds.millis(search.id()) + 1)
        .reduce(now, Math::max);
  }

  /** Leaves of the rows what is not logged. */
  private void leave(List<StagedRow> claimed) {
    List<SessionKey> done = claimed.stream().filter(StagedRow::aged).map(StagedRow::key).toList();
    if (!done.isEmpty()) {
      claims.delete(done);
    }
    claimed.stream().filter(row -> !row.aged()).forEach(claims::clearFinished);
  }

  /**
   * Returns what the sessions logged within the look-back of their rows. A late keystroke may have
   * been delivered before, so the look-back begins at the older of its two times.
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
    LocalDateTime since = oldest.minus(PromotionRules.LOOK_BACK);
    if (rows.size() <= FEW) {
      for (StagedRow row : rows) {
        List<Search> newest = searches.newestSince(since, row.key());
        if (newest.size() == SearchRepository.MAX_LOGGED_OF_ONE
            && !PromotionRules.suffices(row, newest)) {
          break;
        }
        logged.put(row.key(), newest);
      }
      if (logged.size() == rows.size()) {
        return logged;
      }
    }
    for (Map.Entry<Integer, List<SessionKey>> tenant : byTenant.entrySet()) {
      logged.putAll(searches.since(since, tenant.getKey(), tenant.getValue()));
    }
    return logged;
  }

  private static LocalDateTime min(LocalDateTime a, LocalDateTime b) {
    return a.isBefore(b) ? a : b;
  }
}
