package dev.lastword.rollup;

import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.annotation.Transactional;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.List;

/** Writes all counts of a log. The transaction holds the lock of {@link RollupHead}. */
@Singleton
class CountWriter {
  private final SearchCounts searches;
  private final SessionCounts sessions;
  private final EventCounts events;
  private final ActiveUsers users;

  CountWriter(
      SearchCounts searches, SessionCounts sessions, EventCounts events, ActiveUsers users) {
    this.searches = searches;
    this.sessions = sessions;
    this.events = events;
    this.users = users;
  }

  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void add(CountedLog log, List<LoggedRow> rows) {
    if (log == CountedLog.SEARCHES) {
      searches.add(rows);
      sessions.clear(rows);
    } else {
      events.add(rows);
    }
    users.add(log, rows);
  }

  /** Counts amended searches as they are now. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void amend(LoggedRowReader.Amended amended) {
    searches.add(amended.after());
    searches.subtract(amended.before());
    users.add(CountedLog.SEARCHES, amended.after());
  }

  /** Takes rows out of the counts, except from those of active users. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void subtract(CountedLog log, List<LoggedRow> rows) {
    if (log == CountedLog.SEARCHES) {
      searches.subtract(rows);
      sessions.clear(rows);
    } else {
      events.subtract(rows);
    }
  }

  /** Deletes the counts of a log on a day. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void clear(CountedLog log, int tenantId, LocalDate day) {
    if (log == CountedLog.SEARCHES) {
      searches.clear(tenantId, day);
      sessions.clear(tenantId, day);
    } else {
      events.clear(tenantId, day);
    }
    users.clear(log, tenantId, day);
  }

  /** Makes the counts that several logs share agree with those of each log. */
  @Transactional(propagation = TransactionDefinition.Propagation.MANDATORY)
  void combine(int tenantId, LocalDate day) {
    users.combine(tenantId, day);
  }
}
