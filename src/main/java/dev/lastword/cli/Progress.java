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
  private final String unit;
  private final long unitSize;
  private final long all;
  private final @Nullable ProgressBar bar;
  private long tenths;

  Progress(PrintWriter out, String task, long all) {
    this(out, task, all, "", 1);
  }

  private Progress(PrintWriter out, String task, long all, String unit, long unitSize) {
    this.out = out;
    this.task = task;
    this.unit = unit;
    this.unitSize = unitSize;
    this.all = Math.max(1, all);
    this.bar =
        Ansi.AUTO.enabled()
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(this.all)
                .setStyle(ProgressBarStyle.ASCII)
                .setUnit(unit, unitSize)
                .setUpdateIntervalMillis(200)
                .showSpeed()
                .build()
            : null;
  }

  /** Shows bytes as kB or MB. */
  static Progress ofBytes(PrintWriter out, String task, long all) {
    return all < 10_000_000
        ? new Progress(out, task, all, " kB", 1_000)
        : new Progress(out, task, all, " MB", 1_000_000);
  }

  /** Updates the progress. If it exceeds the estimated total, it stays at 100 %. */
  synchronized void to(long reached) {
    long done = Math.min(reached, all);
    if (bar != null) {
      bar.stepTo(done);
    } else if (done * 10 / all > tenths) {
      tenths = done * 10 / all;
      out.printf("%s: %d of %d%s%n", task, done / unitSize, all / unitSize, unit);
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
