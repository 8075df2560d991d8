package dev.lastword.stats;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.micronaut.serde.annotation.Serdeable;

/** The totals of searches and of events, in one JSON object. */
@Serdeable.Serializable
record StatsResponse(@JsonUnwrapped SearchTotals searches, @JsonUnwrapped EventTotals events) {}
