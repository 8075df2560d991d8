package dev.lastword.cli;

import dev.lastword.simulation.PrecisionRecall;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.WCWidth;

/** Prints what was meant beside what was logged, by session. */
final class DemoTable {

  private static final int WIDTH = 34;

  private final PrintWriter out;

  DemoTable(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints the table.
   *
   * @return whether every session that searched has searches in the log
   */
  boolean print(LastwordClient client, List<DemoSession> sessions)
      throws IOException, InterruptedException {
    List<PrecisionRecall> scores = new ArrayList<>();
    row("typist", "searched for", "logged", "");
    for (DemoSession session : sessions) {
      List<String> logged =
          client.searches(session.id()).stream().map(LastwordClient.Search::keyword).toList();
      PrecisionRecall score = PrecisionRecall.of(session.typed().meant(), logged);
      scores.add(score);
      String typist = session.id().substring(0, session.id().lastIndexOf('-'));
      score.found().forEach(text -> row(typist, text, text, ""));
      score.missed().forEach(text -> row(typist, text, "", "missed"));
      score.extra().forEach(text -> row(typist, "", text, "extra"));
    }
    PrecisionRecall all = PrecisionRecall.sum(scores);
    int keystrokes = sessions.stream().mapToInt(session -> session.typed().requests().size()).sum();
    out.printf(
        Locale.ROOT,
        "%n%d keystrokes, %d searches logged: precision %.2f, recall %.2f%n",
        keystrokes,
        all.found().size() + all.extra().size(),
        all.precision(),
        all.recall());
    return scores.stream().allMatch(score -> !score.found().isEmpty() || !score.extra().isEmpty());
  }

  private void row(String typist, String meant, String logged, String mark) {
    out.println(
        (padded(typist, 11) + padded(meant, WIDTH) + padded(logged, WIDTH) + mark).stripTrailing());
  }

  /** Pads to columns of a terminal, where some letters take two and some none. */
  private static String padded(String text, int width) {
    int columns = text.codePoints().map(letter -> Math.max(0, WCWidth.wcwidth(letter))).sum();
    return text + " ".repeat(Math.max(1, width - columns));
  }
}
