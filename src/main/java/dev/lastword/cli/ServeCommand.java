package dev.lastword.cli;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.http.connection.PemKeyStore;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lastword serve}: runs the service until the process is stopped. */
@Command(
    name = "serve",
    description = "Runs the service; starts an embedded database if none is given.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "address to listen on (127.0.0.1)")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "port to listen on, 0 for any free one (8080)")
  @Nullable Integer port;

  @Mixin DatabaseOptions database = new DatabaseOptions();
  @Spec CommandSpec command;

  @Override
  public Integer call() throws InterruptedException, IOException {
    CommandContext context = new CommandContext(settings());
    // On shutdown, requests are finished first, then the pools close, the database last.
    Runtime.getRuntime().addShutdownHook(new Thread(context::close, "stop"));
    try {
      checkAddress(context);
      checkCertificate(context);
      DatabaseAddress address = context.ownDatabase();
      EmbeddedServer server = context.start(address).getBean(EmbeddedServer.class).start();
      PrintWriter out = command.commandLine().getOut();
      out.printf(
          "Lastword listens on %s, database %s%n",
          server.getURI(),
          context.ownFolder() == null
              ? "at " + address.hostAndSchema()
              : "under " + context.ownFolder());
      out.flush();
      Thread.currentThread().join();
      return 0;
    } finally {
      context.close();
    }
  }

  /** Checks the address before anything is started. */
  private static void checkAddress(CommandContext context) throws IOException {
    String host = context.setting("micronaut.server.host", String.class);
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new ConfigurationException(
          "Unknown host '%s'. LASTWORD_HOST (--host) must be a name or an address of this machine."
              .formatted(host),
          e);
    }
    new ServerSocket(context.setting("micronaut.server.port", Integer.class), 1, address).close();
  }

  private static void checkCertificate(CommandContext context) {
    context
        .file("lastword.tls.certificate")
        .ifPresent(
            certificate ->
                PemKeyStore.read(certificate, context.file("lastword.tls.key").orElseThrow()));
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = database.settings();
    if (host != null) {
      settings.put("lastword.host", host);
    }
    if (port != null) {
      settings.put("lastword.port", port);
    }
    return settings;
  }
}
