package dev.lastword.cli;

import dev.lastword.access.Tenant;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lastword import}: imports files. */
@Command(
    name = "import",
    description = {
      "Imports events, keystrokes or exported searches from CSV or NDJSON.",
      "Files may be compressed (.gz). After an interruption, the same command resumes where it"
          + " stopped; duplicates are stored once."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Rows that are not valid are written to FILE.rejected with the reason.",
      "Exit code 0: all rows are stored, 3: some were rejected, 1: it did not finish."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int SOME_REJECTED = 3;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "file to import, - for standard input")
  List<String> files = List.of();

  @Option(
      names = "--as",
      paramLabel = "KIND",
      description = "events, keystrokes or searches (default: by the first row)")
  @Nullable String kind;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "csv or ndjson (by the name, else ndjson)")
  @Nullable String format;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "such as windows-1252, of spreadsheets (UTF-8, or UTF-16 with a byte order mark)")
  @Nullable Charset encoding;

  @Option(
      names = "--map",
      paramLabel = "COLUMN=FIELD",
      description = "field of a column of CSV: --map Time=occurred_at")
  Map<String, String> fields = Map.of();

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      description = "separator of CSV (default: by the header; comma, semicolon, tab or |)")
  @Nullable Character separator;

  @Mixin TenantOption tenant = new TenantOption();
  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() throws IOException {
    check("--as", kind, List.of("events", "keystrokes", "searches"));
    check("--format", format, List.of("csv", "ndjson"));
    try (CommandContext context = new CommandContext(database.settings())) {
      return importFiles(context.startWithoutJobs(context.database()));
    }
  }

  /**
   * Imports the files with the beans of a running command.
   *
   * @return the exit code
   */
  int importFiles(ApplicationContext beans) throws IOException {
    ImportPartitions partitions = new ImportPartitions(beans);
    partitions.create();
    Tenant owner = tenant.find(beans);
    boolean complete = true;
    for (String name : files) {
      complete &= load(name, owner, beans, partitions);
    }
    return complete ? 0 : SOME_REJECTED;
  }

  /**
   * Imports a file.
   *
   * @return whether no row was rejected
   */
  private boolean load(
      String name, Tenant owner, ApplicationContext beans, ImportPartitions partitions)
      throws IOException {
    PrintWriter out = command.commandLine().getOut();
    for (boolean restart = false; ; restart = true) {
      try {
        return load(name, owner, restart, beans, partitions);
      } catch (ImportRun.OtherContentException e) {
        out.printf("%s: changed since the interrupted import, starts from the first row%n", name);
      }
    }
  }

  private boolean load(
      String name,
      Tenant owner,
      boolean restart,
      ApplicationContext beans,
      ImportPartitions partitions)
      throws IOException, ImportRun.OtherContentException {
    PrintWriter out = command.commandLine().getOut();
    try (ImportFile file = new ImportFile(name, System.in);
        ImportRows rows = rows(file)) {
      Path stateFile = file.state(owner);
      ImportProgress begun =
          restart || stateFile == null ? ImportProgress.NOTHING : ImportProgress.read(stateFile);
      if (begun.rows() > 0) {
        out.printf("%s: resumes after row %d%n", file.name(), begun.rows());
      }
      ImportTarget target = ImportKind.of(rows.peek()).or(kind).target(owner.id(), beans);
      ImportProgress done;
      long start = System.nanoTime();
      try (ImportRejects rejected = new ImportRejects(file.rejected(), begun.rejectedBytes());
          Progress progress = Progress.ofBytes(out, file.name(), file.size())) {
        done =
            new ImportRun(file.name(), target, rejected, begun, stateFile)
                .run(
                    rows,
                    () -> {
                      progress.to(file.done());
                      partitions.afterBatch();
                    });
        partitions.create();
      }
      if (stateFile != null) {
        Files.deleteIfExists(stateFile);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      out.printf(
          "%s: %d stored, %d duplicates, %d rejected%s; %.1f s, %.0f rows/s%n",
          file.name(),
          done.accepted(),
          done.duplicates(),
          done.rejected(),
          done.rejected() == 0 ? "" : ", see " + file.rejected(),
          seconds,
          (done.rows() - begun.rows()) / seconds);
      out.flush();
      return done.rejected() == 0;
    }
  }

  private ImportRows rows(ImportFile file) throws IOException {
    try {
      return file.rows(format, encoding, separator, fields);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--map: " + e.getMessage(), e);
    }
  }

  private void check(String option, @Nullable String value, List<String> known) {
    if (value != null && !known.contains(value)) {
      throw new ParameterException(
          command.commandLine(), option + " is " + String.join(" or ", known) + ".");
    }
  }
}
