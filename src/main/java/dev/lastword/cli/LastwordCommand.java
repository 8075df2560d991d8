package dev.lastword.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code lastword}: lists the commands. */
@Command(
    name = "lastword",
    description = "Logs what people searched for instead of the keys they pressed.",
    mixinStandardHelpOptions = true,
    versionProvider = LastwordCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Settings come from the environment (LASTWORD_DB_URL, LASTWORD_PORT, ...);",
      "options take precedence.",
      "Exit code 0: success, 1: failure, 2: wrong option or setting."
    },
    subcommands = {
      ServeCommand.class,
      MigrateCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      TenantsCommand.class,
      KeysCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      RecountCommand.class,
      RejectedCommand.class,
      EraseCommand.class,
    })
public final class LastwordCommand {

  private LastwordCommand() {}

  /**
   * Runs a command.
   *
   * @return the exit code; 1 also if standard output could not be written
   */
  public static int run(String... args) {
    int code = commandLine().execute(args);
    if (code == 0 && System.out.checkError()) {
      System.err.println("lastword: Cannot write to standard output.");
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
