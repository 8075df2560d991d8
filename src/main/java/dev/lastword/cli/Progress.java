package dev.lastword.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Shows the progress of a long command: a bar on a terminal, otherwise a line for each 10 %. */
final class Progress implements AutoCloseable {

  private final PrintWriter out;
  private final String task;
  private final long all;
  private final @Nullable ProgressBar bar;
  private long tenths;

  Progress(PrintWriter out, String task, long all) {
    this.out = out;
    this.task = task;
    this.all = Math.max(1, all);
    this.bar =
        Ansi.AUTO.enabled()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(this.all)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .showSpeed()
                .build()
            : null;
  }

  /** Updates the progress. If it exceeds the estimated total, it stays at 100 %. */
  synchronized void to(long reached) {
    long done = Math.min(reached, all);
    if (bar != null) {
      bar.stepTo(done);
    } else if (done * 10 / all > tenths) {
      tenths = done * 10 / all;
      out.printf("%s: %d of %d%n", task, done, all);
      out.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
