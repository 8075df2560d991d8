package dev.lastword.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Replaces a connection to a server that has become read-only: after a failover the same host name
 * leads to another server, and only a new connection goes there.
 */
public final class ReadOnlyEviction implements SQLExceptionOverride {

  @java.lang.Override
  public Override adjudicate(SQLException error) {
    return DatabaseError.isReadOnly(error) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
