package dev.lastword.http;

import dev.lastword.http.Problem.Rejection;
import java.util.List;

/**
 * The outcome of handing in rows that do not come over HTTP.
 *
 * @param accepted number of rows that are new and committed, or hold nothing to store
 * @param duplicates number of rows that were stored before
 * @param rejected the rows that are not valid, by their place among the lines
 * @param unconfirmed number of rows to hand in again, because the database did not take them
 */
public record IngestOutcome(
    int accepted, int duplicates, List<Rejection> rejected, int unconfirmed) {}
