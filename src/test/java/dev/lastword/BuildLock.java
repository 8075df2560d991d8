package dev.lastword;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lets one of the processes that run tests make what all of them use. */
final class BuildLock {

  /** What is made stays there for later runs, until {@code mvn clean}. */
  static final Path SHARED = Path.of("target", "test-shared").toAbsolutePath();

  private static boolean held;

  private BuildLock() {}

  /** Something that makes files. */
  interface Action {
    void run() throws IOException;
  }

  /** Runs an action, which may run others, while no other process or thread runs one. */
  static synchronized void run(Action action) throws IOException {
    if (held) {
      action.run();
      return;
    }
    Files.createDirectories(SHARED);
    try (var file =
            FileChannel.open(
                SHARED.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = file.lock()) {
      held = true;
      action.run();
    } finally {
      held = false;
    }
  }
}
