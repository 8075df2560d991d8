/** Ingest of events: endpoints, fields, dead letters. */
@NullMarked
package dev.lastword.event;

import org.jspecify.annotations.NullMarked;
