package dev.lastword.simulation;

/**
 * What people and their connections do at a search box besides typing one phrase from left to right
 * and looking at what it finds, and how often.
 *
 * <p>The chance is per occasion, named in each comment. Slips are as frequent as Dhakal et al.,
 * "Observations on Typing from 136 Million Keystrokes" (CHI 2018), count corrections: about one key
 * in sixteen is a backspace.
 */
public enum Behaviour {
  /** A person: presses Enter nearly always; the others never. */
  ENTER(0.4),
  /** A person: enters whole words by swiping over the keys. */
  SWIPE(0.12),
  /** A person: types through an input method or composes syllables. */
  INPUT_METHOD(0.06),
  /** A person who types through an input method: the page sends what is not converted yet, too. */
  COMPOSING_SENT(0.5),
  /** A search: with capital letters. */
  CAPITALS(0.15),
  /** A search: pasted. */
  PASTE(0.04),
  /** A search: the first letters are typed, then a suggestion is picked that begins with them. */
  SUGGESTION(0.1),
  /** A search: a suggestion is picked that begins otherwise. */
  OTHER_SUGGESTION(0.01),
  /** A search: the typist stops early, since what was looked for is there already. */
  STOP_EARLY(0.08),
  /** A search: given up half typed, for another one. */
  GIVE_UP(0.015),
  /** A blank between words: the typist thinks. */
  THINK(0.08),
  /** A key: a wrong, a missing, an additional or an exchanged letter; or a wrong swiped word. */
  SLIP(0.025),
  /** A slip: seen only when the phrase is complete. */
  SEEN_LATE(0.2),
  /** A slip seen late: only after a look at what it found, or never. */
  SEEN_AFTER_A_LOOK(0.4),
  /** After a search: changes it, instead of searching for something else. */
  REFINE(0.3),
  /** After a search: goes away for minutes, and then searches on. */
  AWAY(0.1),
  /** After having been away: the same search again. */
  AGAIN(0.2),
  /** A request: held up, so that later ones overtake it. */
  OVERTAKEN(0.01),
  /** A request: its answer is lost, and the page sends it again. */
  REPEATED(0.003),
  /** A request: arrives seconds late, or comes again so late, when its search may be logged. */
  LATE(0.02),
  /** A session: the connection is away for seconds, then everything comes at once. */
  HELD_BACK(0.02);

  final double chance;

  Behaviour(double chance) {
    this.chance = chance;
  }
}
