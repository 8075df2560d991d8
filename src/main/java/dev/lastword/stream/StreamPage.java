package dev.lastword.stream;

import java.util.List;

/**
 * Rows that follow each other in a feed.
 *
 * @param through the position up to which they were read; rows erased since are left out
 * @param full there may be more behind it
 */
record StreamPage(List<StreamEntry> entries, long through, boolean full) {}
