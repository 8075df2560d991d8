package dev.lastword.stream;

import java.util.List;

/**
 * A page of consecutive rows of a feed.
 *
 * @param through the position up to which rows were read; erased rows are missing
 * @param full whether more rows may follow
 */
record StreamPage(List<StreamEntry> entries, long through, boolean full) {}
