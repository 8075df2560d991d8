package dev.lastword.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that use the database. */
final class DatabaseOptions {

  @Option(
      names = "--db-url",
      paramLabel = "URL",
      description = "mysql://user:password@host:3306/database")
  @Nullable String url;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "folder of the embedded database (./data)")
  @Nullable String data;

  /** Returns the options as settings. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    if (url != null) {
      settings.put("lastword.db.url", url);
    }
    if (data != null) {
      settings.put("lastword.data", data);
    }
    return settings;
  }
}
