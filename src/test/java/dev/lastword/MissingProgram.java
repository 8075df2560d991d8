package dev.lastword;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Leaves out tests that need a program which Maven cannot get. At its end, Maven names them. In CI,
 * they fail.
 */
public final class MissingProgram {
  private static final Path LIST = Path.of("target", "not-tested");

  private MissingProgram() {}

  /**
   * Ends the test.
   *
   * @param <T> what the program would have been started for; nothing is returned
   * @param tests what is not tested
   * @param program which one is missing, and where it is
   * @param cause why the program was not started
   */
  public static <T> T abort(String tests, String program, Throwable cause) {
    if (System.getenv("CI") != null) {
      throw new AssertionError(program + " is missing", cause);
    }
    String line = "%s (needs %s)".formatted(tests, program);
    try {
      Files.createDirectories(LIST);
      Files.writeString(LIST.resolve(tests.replace(' ', '-')), line + ". ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Assumptions.abort(line);
  }
}
