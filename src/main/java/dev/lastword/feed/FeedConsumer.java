package dev.lastword.feed;

/** A reader of the feeds that must not miss a position, however long it pauses. */
public interface FeedConsumer {

  /** Returns the last position that it has read; later ones are kept for it. */
  long position(Feed feed);
}
