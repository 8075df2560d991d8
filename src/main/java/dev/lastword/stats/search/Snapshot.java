package dev.lastword.stats.search;

import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.support.DefaultTransactionDefinition;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.util.function.Supplier;

/** Reads with several statements from one snapshot, so that the parts of an answer agree. */
@Singleton
class Snapshot {
  private static final DefaultTransactionDefinition DEFINITION = new DefaultTransactionDefinition();

  static {
    DEFINITION.setIsolationLevel(TransactionDefinition.Isolation.REPEATABLE_READ);
    DEFINITION.setReadOnly(true);
  }

  private final TransactionOperations<Connection> transactions;

  Snapshot(@Named("reads") TransactionOperations<Connection> transactions) {
    this.transactions = transactions;
  }

  <T> T read(Supplier<T> reader) {
    return transactions.execute(DEFINITION, status -> reader.get());
  }
}
