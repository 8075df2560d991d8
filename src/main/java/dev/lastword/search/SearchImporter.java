package dev.lastword.search;

import dev.lastword.database.DatabaseError;
import dev.lastword.http.IngestOutcome;
import dev.lastword.http.InvalidBodyException;
import dev.lastword.http.JsonRows;
import dev.lastword.http.Problem.Rejection;
import dev.lastword.row.RowKey;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Restores exported searches as they were, without debounce. Searches are deduplicated by id; of
 * two revisions the later one stays.
 */
@Singleton
public class SearchImporter {
  private static final JsonRows ROWS = new JsonRows("a search");
  private static final int TRIES = 5;

  private final Clock clock;
  private final SearchRepository searches;
  private final SearchWriter writer;
  private final TransactionOperations<Connection> transactions;

  SearchImporter(
      Clock clock,
      SearchRepository searches,
      SearchWriter writer,
      TransactionOperations<Connection> transactions) {
    this.clock = clock;
    this.searches = searches;
    this.writer = writer;
    this.transactions = transactions;
  }

  /** The searches of some lines. Received = searches + rejected. */
  private static final class Batch implements JsonRows.Batch<SearchRow> {
    private final int tenantId;
    private final Instant now;
    private final List<Search> searches = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();

    Batch(int tenantId, Instant now) {
      this.tenantId = tenantId;
      this.now = now;
    }

    @Override
    public SearchRow begin() {
      return new SearchRow();
    }

    @Override
    public void add(SearchRow row) {
      int index = searches.size() + rejected.size();
      String problem = row.check(tenantId, now);
      if (problem == null) {
        searches.add(row.search());
        indexes.add(index);
      } else {
        rejected.add(new Rejection(index, problem));
      }
    }
  }

  /**
   * Stores the searches of lines of one JSON object each, in one transaction.
   *
   * @param lines up to 1,000, none of them blank
   * @throws RuntimeException if the database refuses the statements
   */
  public IngestOutcome take(int tenantId, byte[] lines) {
    Batch batch = new Batch(tenantId, clock.instant());
    try {
      ROWS.readLines(lines, batch);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException(e);
    }
    if (batch.searches.isEmpty()) {
      return new IngestOutcome(0, 0, batch.rejected, List.of());
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return transactions.executeWrite(status -> store(batch));
      } catch (RuntimeException e) {
        DatabaseError kind = DatabaseError.of(e);
        if (kind == DatabaseError.UNAVAILABLE) {
          return new IngestOutcome(0, 0, batch.rejected, batch.indexes);
        }
        // Another import may have restored the same rows; the next attempt finds them.
        boolean retryable = kind == DatabaseError.CONFLICT || DatabaseError.isDuplicateKey(e);
        if (!retryable || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private IngestOutcome store(Batch batch) {
    Map<RowKey, Search> known = new HashMap<>();
    searches
        .find(batch.searches.stream().map(Search::rowKey).toList())
        .forEach(search -> known.put(search.rowKey(), search));
    Map<RowKey, Search> added = new LinkedHashMap<>();
    Map<RowKey, Search> amended = new LinkedHashMap<>();
    List<Rejection> rejected = new ArrayList<>(batch.rejected);
    for (int i = 0; i < batch.searches.size(); i++) {
      Search search = batch.searches.get(i);
      Search former = known.get(search.rowKey());
      if (former != null && !isSame(search, former)) {
        rejected.add(new Rejection(batch.indexes.get(i), "id belongs to another search"));
      } else if (former == null || search.revision() > former.revision()) {
        known.put(search.rowKey(), search);
        boolean isNew = former == null || added.containsKey(search.rowKey());
        (isNew ? added : amended).put(search.rowKey(), search);
      }
    }
    LocalDateTime now = searches.now();
    writer.restore(List.copyOf(added.values()), now);
    writer.amend(List.copyOf(amended.values()), now);
    int accepted = added.size() + amended.size();
    int invalid = rejected.size() - batch.rejected.size();
    int duplicates = batch.searches.size() - invalid - accepted;
    return new IngestOutcome(accepted, duplicates, rejected, List.of());
  }

  private static boolean isSame(Search search, Search former) {
    return search.key().equals(former.key())
        && search.searchedAt().equals(former.searchedAt())
        && (search.revision() != former.revision() || search.isSameTextAs(former));
  }
}
