package dev.lastword.search;

/** A session of the bare load, typing a phrase letter by letter. */
final class TypingSession {
  private final SessionKey key;
  private final String phrase;
  private int typed;

  TypingSession(SessionKey key, String phrase) {
    this.key = key;
    this.phrase = phrase;
  }

  SessionKey key() {
    return key;
  }

  boolean isDone() {
    return typed == phrase.length();
  }

  /** Types one more letter, and returns the text. */
  String type() {
    typed = Math.min(typed + 1, phrase.length());
    return phrase.substring(0, typed);
  }
}
