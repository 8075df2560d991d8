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

  private final SeededRandom random;
  private final NetworkModel network;
  private final double key;
  private final double enter;
  private final boolean swipes;
  private final boolean composes;
  private final boolean composingSent;

  // of the current session
  private SearchBox box = new SearchBox();
  private GroundTruth meant = new GroundTruth();
  private TypingModel typing;
  private long end;

  public Typist(long seed) {
    this(seed, EnumSet.allOf(Behaviour.class));
  }

  /** Creates a person with these behaviours only. */
  public Typist(long seed, Set<Behaviour> behaviours) {
    random = new SeededRandom(seed, behaviours);
    network = new NetworkModel(random);
    key = random.millis(190, 0.35);
    enter = random.does(ENTER) ? 0.95 : 0;
    composes = random.does(INPUT_METHOD);
    composingSent = random.does(COMPOSING_SENT);
    swipes = !composes && random.does(SWIPE);
    typing = new TypingModel(random, box, key);
  }

  /** Types for about {@code length}; no search is begun or corrected after that. */
  public SimulatedSession session(Duration length) {
    end = length.toMillis();
    box = new SearchBox();
    meant = new GroundTruth();
    typing = new TypingModel(random, box, key);
    Phrase phrase = another();
    enter(phrase);
    while (box.now() < end) {
      if (random.does(AWAY)) {
        box.pass(random.millis(120_000, 0.7));
        if (box.now() >= end) {
          break;
        }
        phrase = random.does(AGAIN) ? phrase : another();
        leave();
        enter(phrase);
      } else if (random.does(REFINE)) {
        phrase = refine();
      } else {
        phrase = another();
        leave();
        enter(phrase);
      }
    }
    return new SimulatedSession(network.send(box.changes()), meant.searches(), meant.lookedAt());
  }

  private Phrase another() {
    if (composes) {
      return random.oneOf(Phrases.COMPOSED);
    }
    Phrase phrase = random.oneOf(Phrases.TYPED);
    return random.does(CAPITALS) ? phrase.capitals(random.happens(0.2)) : phrase;
  }

  /** Enters the phrase, or enough of it, into an empty or selected box. */
  private void enter(Phrase phrase) {
    int begun = box.changes().size();
    String text = phrase.text();
    int upperBound = Math.max(text.length() * 2 / 3, Math.min(3, text.length()));
    String some = text.substring(0, random.between(Math.min(3, upperBound), upperBound));
    if (!phrase.isTyped()) {
      typing.compose(phrase, composingSent);
    } else if (random.does(PASTE)) {
      box.append(text);
    } else if (swipes) {
      typing.swipe(text, "");
    } else if (random.does(SUGGESTION)) {
      typing.typeAll(some);
      pick(text);
    } else if (random.does(OTHER_SUGGESTION)) {
      typing.typeAll(some);
      text = random.oneOf(Phrases.MORE).text() + " " + text;
      pick(text);
    } else if (random.does(STOP_EARLY)) {
      text = some;
      typing.typeAll(text);
    } else if (random.does(GIVE_UP)) {
      typing.typeAll(some);
      box.pass(random.millis(900, 0.6));
      Phrase other = another();
      leave();
      text = other.text();
      typing.typeAll(text);
    } else {
      typing.typeAll(text);
    }
    look(text, begun, false);
  }

  private void pick(String suggestion) {
    box.pass(random.millis(900, 0.5));
    box.show(suggestion);
  }

  /** Reads the results, and corrects the text if it is not what was meant. */
  private void look(String goal, int firstChange, boolean deleted) {
    boolean submitted = random.happens(enter);
    box.pass(random.millis(250, 0.5));
    if (submitted) {
      box.submit();
    }
    meant.search(
        box.text(), submitted, deleted, box.changes().get(firstChange).at(), box.lastChange());
    box.pass(700 + random.millis(6000, 1.0));
    boolean wrong = !box.text().strip().equals(goal.strip());
    if (wrong && box.now() < end && random.happens(0.5)) {
      int repaired = box.changes().size();
      typing.fix(goal);
      look(box.text(), repaired, false);
    }
  }

  /** Clears the box for the next text, or selects the text in it. */
  private void leave() {
    switch (random.between(1, 10)) {
      case 1, 2, 3, 4 -> box.selectAll();
      case 5, 6, 7 -> box.show("");
      case 8, 9 -> typing.backTo(0);
      default -> {
        while (!box.text().isEmpty()) {
          box.show(box.text().substring(0, Math.max(0, box.text().strip().lastIndexOf(' '))));
          box.pass(random.millis(250, 0.3));
        }
      }
    }
    box.pass(random.millis(400, 0.5));
  }

  /**
   * Returns the phrase with another word at its end, another last word or number, or one word less.
   */
  private Phrase refine() {
    int begun = box.changes().size();
    String text = box.text().strip();
    if (Character.isDigit(text.charAt(text.length() - 1)) && random.happens(0.5)) {
      return renumber(text);
    }
    int blank = text.lastIndexOf(' ');
    boolean broader = blank > 0 && random.happens(0.15);
    if (broader) {
      typing.backTo(blank);
    } else {
      boolean replace = blank > 0 && random.happens(0.4);
      String kept = replace ? text.substring(0, typing.backTo(blank)) : text;
      Phrase more = (composes ? another() : random.oneOf(Phrases.MORE)).behind(kept);
      if (composes) {
        typing.compose(more, composingSent);
      } else if (swipes) {
        typing.swipe(more.text(), kept);
      } else {
        typing.type(more.text(), kept.length());
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
    int digit = (text.charAt(last) - '0' + random.between(1, 9)) % 10;
    typing.backTo(last);
    typing.type(text.substring(0, last) + digit, last);
    look(box.text(), begun, false);
    return Phrase.typed(box.text());
  }
}
