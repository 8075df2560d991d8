package dev.lastword.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Evicts a connection to a server that has become read-only. After a failover, the host name
 * resolves to another server, which only new connections reach.
 */
public final class ReadOnlyEviction implements SQLExceptionOverride {

  @java.lang.Override
  public Override adjudicate(SQLException error) {
    return DatabaseError.isReadOnly(error) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
