package dev.lastword.load.typists;

import static java.util.stream.Collectors.toSet;

import dev.lastword.load.Percentiles;
import dev.lastword.simulation.PrecisionRecall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The comparison of the log with what the people meant, in lines; a line that begins with FAIL is a
 * failure.
 */
record Verdict(List<String> lines) {

  private static final double LEAST_F1 = 0.95;

  /** Waits until everything is logged, then reads it back. */
  static Verdict of(SearchLog log, List<Person> people, Instant start, Answers answers) {
    boolean settled = log.settle(people.stream().map(Person::session).collect(toSet()));
    List<PrecisionRecall> scores = new ArrayList<>();
    List<Long> delays = new ArrayList<>();
    for (Person person : people) {
      List<SearchLog.Entry> entries = log.entries(person.session());
      scores.add(
          PrecisionRecall.of(
              person.typed().meant(), entries.stream().map(SearchLog.Entry::keyword).toList()));
      delays.addAll(Delay.of(person, entries, start));
    }
    PrecisionRecall score = PrecisionRecall.sum(scores);
    Verdict verdict = new Verdict(new ArrayList<>());
    verdict.say(
        "people      %d, who meant %d searches",
        people.size(), score.found().size() + score.missed().size());
    verdict.say(
        "log         %d found, %d missed, %d not meant: precision %.3f, recall %.3f, F1 %.3f",
        score.found().size(),
        score.missed().size(),
        score.extra().size(),
        score.precision(),
        score.recall(),
        score.f1());
    verdict.say("logged      %s after the window of %d searches", shown(delays), delays.size());
    verdict.say("requests    %s", shown(answers.millis()));
    verdict.say(
        "            %d accepted, %d retries, %d lost; sent %s after their time",
        answers.millis().count(), answers.again(), answers.lost(), shown(answers.late()));
    verdict.failIf(score.f1() < LEAST_F1, "F1 is below " + LEAST_F1);
    verdict.failIf(answers.lost() > 0, "requests were lost");
    verdict.failIf(!settled, "some sessions are still staged");
    return verdict;
  }

  void write(Path file) {
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values));
  }

  private void failIf(boolean wrong, String what) {
    if (wrong) {
      say("FAIL        %s", what);
    }
  }

  private static String shown(List<Long> millis) {
    return shown(new Percentiles(millis));
  }

  private static String shown(Percentiles millis) {
    return String.format(
        Locale.ROOT,
        "p50 %d ms, p99 %d ms, longest %d ms",
        millis.at(50),
        millis.at(99),
        millis.at(100));
  }
}
