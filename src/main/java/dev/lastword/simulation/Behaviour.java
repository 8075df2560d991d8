package dev.lastword.simulation;

/**
 * What people and their connections do besides typing a phrase from left to right and reading its
 * results, and how often.
 *
 * <p>The probability is per occasion, which each comment names. Typos are as frequent as
 * corrections in Dhakal et al., "Observations on Typing from 136 Million Keystrokes" (CHI 2018):
 * about one key in sixteen is a backspace.
 */
public enum Behaviour {
  /** A person: presses Enter nearly always; the others never. */
  ENTER(0.4),
  /** A person: enters whole words by swiping over the keys. */
  SWIPE(0.12),
  /** A person: types through an input method or composes syllables. */
  INPUT_METHOD(0.06),
  /**
   * A person who types through an input method: the page also sends text that is not converted yet.
   */
  COMPOSING_SENT(0.5),
  /** A search: with capital letters. */
  CAPITALS(0.15),
  /** A search: pasted. */
  PASTE(0.04),
  /** A search: the first letters are typed, then a suggestion is picked that begins with them. */
  SUGGESTION(0.1),
  /** A search: a suggestion is picked that begins otherwise. */
  OTHER_SUGGESTION(0.01),
  /** A search: the typist stops early, because the results are good already. */
  STOP_EARLY(0.08),
  /** A search: given up half typed, for another one. */
  GIVE_UP(0.015),
  /** A blank between words: the typist thinks. */
  THINK(0.08),
  /** A key: a wrong, a missing, an additional or an exchanged letter; or a wrong swiped word. */
  TYPO(0.025),
  /** A typo: noticed only when the phrase is complete. */
  SEEN_LATE(0.2),
  /** A typo noticed late: only after reading the results, or never. */
  SEEN_AFTER_A_LOOK(0.4),
  /** After a search: changes it, instead of searching for something else. */
  REFINE(0.3),
  /** After a search: pauses for minutes, and then continues searching. */
  AWAY(0.1),
  /** After having been away: the same search again. */
  AGAIN(0.2),
  /** A request: delayed, so that later ones overtake it. */
  OVERTAKEN(0.01),
  /** A request: its response is lost, and the page sends it again. */
  REPEATED(0.003),
  /** A request: arrives or is repeated seconds late, when its search may be logged already. */
  LATE(0.02),
  /** A session: the connection fails for seconds, then everything arrives at once. */
  HELD_BACK(0.02);

  final double probability;

  Behaviour(double probability) {
    this.probability = probability;
  }
}
