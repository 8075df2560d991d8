package dev.lastword.feed;

/** Names a row of a log. */
public record RowKey(int bucket, long id) {}
