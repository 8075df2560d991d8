package dev.lastword.simulation;

import static dev.lastword.simulation.Behaviour.AGAIN;
import static dev.lastword.simulation.Behaviour.AWAY;
import static dev.lastword.simulation.Behaviour.CAPITALS;
import static dev.lastword.simulation.Behaviour.COMPOSING_SENT;
import static dev.lastword.simulation.Behaviour.ENTER;
import static dev.lastword.simulation.Behaviour.GIVE_UP;
import static dev.lastword.simulation.Behaviour.INPUT_METHOD;
import static dev.lastword.simulation.Behaviour.OTHER_SUGGESTION;
import static dev.lastword.simulation.Behaviour.PASTE;
import static dev.lastword.simulation.Behaviour.REFINE;
import static dev.lastword.simulation.Behaviour.STOP_EARLY;
import static dev.lastword.simulation.Behaviour.SUGGESTION;
import static dev.lastword.simulation.Behaviour.SWIPE;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * A simulated person at a search box, reproducible by the seed.
 *
 * <p>In a session, the person enters a search, reads its results, and then changes it or begins
 * another one, until the time is over. What else happens, and how often, is in {@link Behaviour}.
 */
public final class Typist {

  private final SeededRandom chance;
  private final NetworkModel network;
  private final double key;
  private final double enter;
  private final boolean swipes;
  private final boolean composes;
  private final boolean composingSent;

  // of the current session
  private SearchBox box = new SearchBox();
  private GroundTruth meant = new GroundTruth();
  private TypingModel fingers;
  private long end;

  public Typist(long seed) {
    this(seed, EnumSet.allOf(Behaviour.class));
  }

  /** Creates a person with these behaviours only. */
  public Typist(long seed, Set<Behaviour> behaviours) {
    chance = new SeededRandom(seed, behaviours);
    network = new NetworkModel(chance);
    key = chance.millis(190, 0.35);
    enter = chance.does(ENTER) ? 0.95 : 0;
    composes = chance.does(INPUT_METHOD);
    composingSent = chance.does(COMPOSING_SENT);
    swipes = !composes && chance.does(SWIPE);
    fingers = new TypingModel(chance, box, key);
  }

  /** Types for about {@code length}; no search is begun or corrected after that. */
  public SimulatedSession session(Duration length) {
    end = length.toMillis();
    box = new SearchBox();
    meant = new GroundTruth();
    fingers = new TypingModel(chance, box, key);
    Phrase phrase = another();
    enter(phrase);
    while (box.now() < end) {
      if (chance.does(AWAY)) {
        box.pass(chance.millis(120_000, 0.7));
        if (box.now() >= end) {
          break;
        }
        phrase = chance.does(AGAIN) ? phrase : another();
        leave();
        enter(phrase);
      } else if (chance.does(REFINE)) {
        phrase = refine();
      } else {
        phrase = another();
        leave();
        enter(phrase);
      }
    }
    return new SimulatedSession(network.deliver(box.changes()), meant.searches(), meant.lookedAt());
  }

  private Phrase another() {
    if (composes) {
      return chance.oneOf(Phrases.COMPOSED);
    }
    Phrase phrase = chance.oneOf(Phrases.TYPED);
    return chance.does(CAPITALS) ? phrase.capitals(chance.happens(0.2)) : phrase;
  }

  /** Enters the phrase, or enough of it, into an empty or selected box. */
  private void enter(Phrase phrase) {
    int begun = box.changes().size();
    String text = phrase.text();
    int upperBound = Math.max(text.length() * 2 / 3, Math.min(3, text.length()));
    String some = text.substring(0, chance.between(Math.min(3, upperBound), upperBound));
    if (!phrase.isTyped()) {
      fingers.compose(phrase, composingSent);
    } else if (chance.does(PASTE)) {
      box.append(text);
    } else if (swipes) {
      fingers.swipe(text, "");
    } else if (chance.does(SUGGESTION)) {
      fingers.typeAll(some);
      pick(text);
    } else if (chance.does(OTHER_SUGGESTION)) {
      fingers.typeAll(some);
      text = chance.oneOf(Phrases.MORE).text() + " " + text;
      pick(text);
    } else if (chance.does(STOP_EARLY)) {
      text = some;
      fingers.typeAll(text);
    } else if (chance.does(GIVE_UP)) {
      fingers.typeAll(some);
      box.pass(chance.millis(900, 0.6));
      Phrase other = another();
      leave();
      text = other.text();
      fingers.typeAll(text);
    } else {
      fingers.typeAll(text);
    }
    look(text, begun, false);
  }

  private void pick(String suggestion) {
    box.pass(chance.millis(900, 0.5));
    box.show(suggestion);
  }

  /** Reads the results, and corrects the text if it is not what was meant. */
  private void look(String goal, int firstChange, boolean deleted) {
    boolean submitted = chance.happens(enter);
    box.pass(chance.millis(250, 0.5));
    if (submitted) {
      box.submit();
    }
    meant.search(
        box.text(), submitted, deleted, box.changes().get(firstChange).at(), box.lastChange());
    box.pass(700 + chance.millis(6000, 1.0));
    boolean wrong = !box.text().strip().equals(goal.strip());
    if (wrong && box.now() < end && chance.happens(0.5)) {
      int repaired = box.changes().size();
      fingers.fix(goal);
      look(box.text(), repaired, false);
    }
  }

  /** Clears the box for the next text, or selects the text in it. */
  private void leave() {
    switch (chance.between(1, 10)) {
      case 1, 2, 3, 4 -> box.selectAll();
      case 5, 6, 7 -> box.show("");
      case 8, 9 -> fingers.backTo(0);
      default -> {
        while (!box.text().isEmpty()) {
          box.show(box.text().substring(0, Math.max(0, box.text().strip().lastIndexOf(' '))));
          box.pass(chance.millis(250, 0.3));
        }
      }
    }
    box.pass(chance.millis(400, 0.5));
  }

  /**
   * Returns the phrase with another word at its end, another last word or number, or one word less.
   */
  private Phrase refine() {
    int begun = box.changes().size();
    String text = box.text().strip();
    if (Character.isDigit(text.charAt(text.length() - 1)) && chance.happens(0.5)) {
      return renumber(text);
    }
    int blank = text.lastIndexOf(' ');
    boolean broader = blank > 0 && chance.happens(0.15);
    if (broader) {
      fingers.backTo(blank);
    } else {
      boolean replace = blank > 0 && chance.happens(0.4);
      String kept = replace ? text.substring(0, fingers.backTo(blank)) : text;
      Phrase more = (composes ? another() : chance.oneOf(Phrases.MORE)).behind(kept);
      if (composes) {
        fingers.compose(more, composingSent);
      } else if (swipes) {
        fingers.swipe(more.text(), kept);
      } else {
        fingers.type(more.text(), kept.length());
      }
      text = more.text();
    }
    look(broader ? box.text() : text, begun, broader);
    return Phrase.typed(box.text().strip());
  }

  /** Replaces the last digit by another one. */
  private Phrase renumber(String text) {
    int begun = box.changes().size();
    int last = text.length() - 1;
    int digit = (text.charAt(last) - '0' + chance.between(1, 9)) % 10;
    fingers.backTo(last);
    fingers.type(text.substring(0, last) + digit, last);
    look(box.text(), begun, false);
    return Phrase.typed(box.text());
  }
}
