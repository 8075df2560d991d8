package dev.lastword.database;

import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.value.PropertyResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads settings that may be in a file, as container platforms mount secrets. */
public final class SecretSetting {

  private SecretSetting() {}

  /**
   * Returns a setting, or the content of the file that the setting of the same name with {@code
   * -file} names; empty if neither has a value.
   *
   * @throws ConfigurationException if the file cannot be read
   */
  public static Optional<String> read(PropertyResolver settings, String name) {
    return text(settings, name)
        .or(() -> text(settings, name + "-file").map(file -> read(name + "-file", Path.of(file))));
  }

  /** Returns a setting; empty if it has no value or a blank one. */
  public static Optional<String> text(PropertyResolver settings, String name) {
    return settings.getProperty(name, String.class).filter(text -> !text.isBlank());
  }

  private static String read(String setting, Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ConfigurationException(
          "%s is '%s', but must be a file that can be read."
              .formatted(NameUtils.environmentName(setting), file),
          e);
    }
  }
}
