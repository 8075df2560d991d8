package dev.lastword.cli;

import org.jspecify.annotations.Nullable;

/**
 * A row of a file.
 *
 * @param number its place, from 1; in CSV the header does not count
 * @param json one JSON object, without line breaks; of a row with a problem what was read of it
 * @param problem why it is no row; null if it is one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ImportRow(long number, byte[] json, @Nullable String problem) {}
