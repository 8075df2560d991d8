package dev.lastword.search;

/** The reason why a text of a staged row is not logged. */
enum DropReason {
  /** The typist noticed a typo after a short time and corrected it in the next text. */
  TYPO,
  /** An input method showed the text while composing the next one. */
  COMPOSING,
  /** The row contains the same text again. */
  SAME,
  /** The text is a prefix of another text of the row. */
  PREFIX,
  /**
   * The text is a prefix of the search that the session logged last: the typist was deleting it.
   */
  DELETING,
  /** The text is late: the session has logged a search that was typed at the same time or later. */
  STRAGGLER,
  /**
   * The session has logged the same text, typed at the same time or later: the keystrokes were
   * delivered twice.
   */
  REPEATED
}
