package dev.lastword.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code lastword}: where its commands are listed. */
@Command(
    name = "lastword",
    description = "Logs what people searched for instead of the keys they pressed.",
    mixinStandardHelpOptions = true,
    versionProvider = LastwordCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Settings come from the environment (LASTWORD_DB_URL, LASTWORD_PORT, ...);",
      "options win.",
      "Exit code 0: done, 1: failed, 2: a wrong option or setting."
    },
    subcommands = {
      ServeCommand.class,
      MigrateCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      RejectedCommand.class,
    })
public final class LastwordCommand {

  private LastwordCommand() {}

  /**
   * Runs the command that the arguments name.
   *
   * @return the exit code; 1, too, if not all could be written to standard output
   */
  public static int run(String... args) {
    int code = commandLine().execute(args);
    if (code == 0 && System.out.checkError()) {
      System.err.println("lastword: Standard output cannot be written.");
      return 1;
    }
    return code;
  }

  static CommandLine commandLine() {
    return new CommandLine(new LastwordCommand()).setExecutionExceptionHandler(new ErrorMessages());
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = LastwordCommand.class.getPackage().getImplementationVersion();
      return new String[] {"lastword " + (version == null ? "(not packaged)" : version)};
    }
  }
}
