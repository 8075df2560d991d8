package dev.lastword.stats;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Totals of all nodes together, from the database, and those of the node that answers.
 *
 * @param staged sessions that are typing now
 * @param oldestStagedAt the last keystroke of the one that waits longest, null if there is none
 * @param newestStagedAt the last keystroke of all, null if there is none
 * @param promotionLagMs how long ago the window of the oldest finished session ended, in
 *     milliseconds; 0 where nothing waits
 * @param promoted searches in the log, ever
 * @param keystrokesLogged what it took to type them
 * @param node what the answering node did since its start
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record SearchTotals(
    long staged,
    @Nullable Instant oldestStagedAt,
    @Nullable Instant newestStagedAt,
    long promotionLagMs,
    long promoted,
    long keystrokesLogged,
    NodeTotals node) {}
