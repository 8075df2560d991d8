package dev.lastword.cli;

import dev.lastword.query.LogExporter;
import dev.lastword.query.LogExporter.Format;
import dev.lastword.query.LogExporter.Log;
import dev.lastword.query.LogExporter.Selection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lastword export}: writes a log to a file. */
@Command(
    name = "export",
    description = {
      "Writes searches or events to a file or to standard output, newest first.",
      "FILE ends with .csv, .ndjson or .jsonl, followed by .gz for compression."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "LOG", description = "searches or events")
  String log = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "file to write (standard output)")
  @Nullable Path file;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      description = "csv or ndjson (by FILE, else ndjson)")
  @Nullable String format;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "first day or time: 2026-01-31T09:30:00Z")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "day or time, exclusive")
  @Nullable String to;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "only events of this topic")
  @Nullable String topic;

  @Mixin TenantOption tenant = new TenantOption();
  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Log chosen = log();
    Format fileFormat = format();
    if (topic != null && chosen == Log.SEARCHES) {
      throw misunderstood("--topic applies to events only.");
    }
    PrintWriter err = command.commandLine().getErr();
    try (CommandContext context = new CommandContext(database.settings())) {
      ApplicationContext beans = context.startWithoutJobs(context.database());
      LogExporter exporter = beans.getBean(LogExporter.class);
      Selection selection = new Selection(tenant.find(beans).id(), chosen, topic, from, to);
      try (Progress progress = new Progress(err, log, exporter.estimate(selection));
          ExportFile target = ExportFile.open(file)) {
        long rows = write(exporter, selection, fileFormat, target, progress);
        err.printf("%d %s written%n", rows, log);
        err.flush();
      }
      return 0;
    } catch (HttpStatusException e) {
      throw misunderstood("--" + Objects.requireNonNull(e.getMessage()));
    }
  }

  private long write(
      LogExporter exporter,
      Selection selection,
      Format fileFormat,
      ExportFile target,
      Progress progress)
      throws IOException {
    try {
      long rows = exporter.export(selection, fileFormat, target.out(), progress::to);
      target.complete();
      return rows;
    } catch (UncheckedIOException e) {
      throw failure(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private IOException failure(IOException reason) {
    return file == null
        ? reason
        : new IOException("Cannot write %s (%s)".formatted(file, reason.getMessage()), reason);
  }

  private Log log() {
    return switch (log) {
      case "searches" -> Log.SEARCHES;
      case "events" -> Log.EVENTS;
      default -> throw misunderstood("LOG must be searches or events.");
    };
  }

  private Format format() {
    Format named = file == null ? Format.NDJSON : ExportFile.format(file);
    if (format != null) {
      return switch (format) {
        case "csv" -> Format.CSV;
        case "ndjson" -> Format.NDJSON;
        default -> throw misunderstood("--format must be csv or ndjson.");
      };
    }
    if (named == null) {
      throw misunderstood("FILE must end with .csv, .ndjson or .jsonl, or add --format.");
    }
    return named;
  }

  private ParameterException misunderstood(String why) {
    return new ParameterException(command.commandLine(), why);
  }
}
