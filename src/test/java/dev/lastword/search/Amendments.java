package dev.lastword.search;

import dev.lastword.row.RowKey;
import dev.lastword.row.Text;
import io.micronaut.context.ApplicationContext;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Amends logged searches like promotion, for tests of what follows the log. */
public final class Amendments {
  private Amendments() {}

  /**
   * Completes those of the searches that are in the log, in one transaction.
   *
   * @throws RuntimeException if one of them was amended meanwhile
   */
  @SuppressWarnings("unchecked")
  public static void amend(
      ApplicationContext node,
      List<RowKey> keys,
      String keyword,
      @Nullable String user,
      int keystrokes) {
    SearchRepository searches = node.getBean(SearchRepository.class);
    TransactionOperations<Connection> transactions = node.getBean(TransactionOperations.class);
    transactions.executeWrite(
        status -> {
          node.getBean(SearchWriter.class)
              .amend(
                  searches.find(keys).stream()
                      .map(logged -> logged.amendedBy(text(logged, keyword, user, keystrokes)))
                      .toList(),
                  searches.now());
          return null;
        });
  }

  private static Search text(Search logged, String keyword, @Nullable String user, int keystrokes) {
    return new Search(
        0,
        logged.key(),
        logged.userId() == null ? user : logged.userId(),
        keyword,
        Text.fold(keyword),
        false,
        keystrokes,
        null,
        logged.searchedAt().plusSeconds(6),
        0,
        null);
  }
}
