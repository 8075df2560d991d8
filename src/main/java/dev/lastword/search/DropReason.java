package dev.lastword.search;

/** Why a text of a staged row is not logged. */
enum DropReason {
  /**
   * The typist noticed a slip of the finger after a moment, and mended it: the next text is what
   * was meant.
   */
  SLIP,
  /** An input method showed it while composing the next text. */
  COMPOSING,
  /** The row holds the same text once more. */
  SAME,
  /** It is only a beginning of another text of the row. */
  BEGINNING,
  /**
   * It is only a beginning of the search that the session logged last: the typist was deleting on
   * the way out.
   */
  DELETING,
  /** Late: the session has logged a search that was typed at the same time or later. */
  STRAGGLER,
  /** The session finished more searches in one go than its row holds. */
  OVERFLOW,
  /**
   * The session logged the same text, typed at the same time or later: the keystrokes were
   * delivered once more.
   */
  REPEATED
}
