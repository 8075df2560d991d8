package dev.lastword.stats;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Totals of the searches on all nodes, and of the node that answers.
 *
 * @param staged sessions that are typing now
 * @param oldestStagedAt the last keystroke of the session that waits longest, null if there is none
 * @param newestStagedAt the last keystroke of all, null if there is none
 * @param promotionLagMs time that the oldest finished session has waited for its promotion, in
 *     milliseconds; 0 if none waits
 * @param promoter the node that took the lock of promotion last, as host and a random part; null if
 *     none did, and for keys of other tenants than {@code default}
 * @param promoted searches logged, ever
 * @param keystrokesLogged keystrokes of these searches
 * @param node counts of the answering node since its start, of all tenants; null for keys of other
 *     tenants than {@code default}
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchTotals(
    long staged,
    @Nullable Instant oldestStagedAt,
    @Nullable Instant newestStagedAt,
    long promotionLagMs,
    @Nullable String promoter,
    long promoted,
    long keystrokesLogged,
    @Nullable NodeTotals node) {}
