package dev.lastword.cli;

import dev.lastword.ops.Doctor;
import dev.lastword.ops.Finding;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lastword doctor}: checks the database and says what to do. */
@Command(
    name = "doctor",
    description = "Checks the settings, the database and its backlog.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  @Mixin DatabaseOptions database = new DatabaseOptions();

  @Option(
      names = "--counts",
      description = "Also recompute all counts from the logs and compare, which reads every row.")
  boolean counts;

  @Spec CommandSpec command;

  @Override
  public Integer call() {
    try (CommandContext context = new CommandContext(database.settings())) {
      Duration debounce = context.setting("lastword.debounce", Duration.class);
      List<Finding> findings = new ArrayList<>();
      context
          .file("lastword.tls.certificate")
          .ifPresent(
              certificate ->
                  findings.add(
                      Doctor.certificate(
                          certificate, context.file("lastword.tls.key").orElseThrow())));
      boolean open = context.setting("lastword.open", Boolean.class);
      findings.addAll(new Doctor(context.database(), debounce, open, counts).examine());
      PrintWriter out = command.commandLine().getOut();
      findings.forEach(finding -> out.println(line(finding)));
      out.flush();
      return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL) ? 1 : 0;
    }
  }

  private static String line(Finding finding) {
    String advice = finding.advice().isEmpty() ? "" : ": " + finding.advice();
    return "%-4s  %-10s  %s%s"
        .formatted(
            finding.level().name().toLowerCase(Locale.ROOT),
            finding.subject(),
            finding.seen(),
            advice);
  }
}
