package dev.lastword.query;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.micronaut.serde.annotation.Serdeable;

/** The totals of searches and of events, side by side in one object. */
@Serdeable.Serializable
record AllTotals(@JsonUnwrapped Totals searches, @JsonUnwrapped EventTotals events) {}
