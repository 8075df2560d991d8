package dev.lastword.cli;

/**
 * A row of a file.
 *
 * @param number its place, from 1; in CSV the header does not count
 * @param json one JSON object, without line breaks
 */
record ImportRow(long number, byte[] json) {}
