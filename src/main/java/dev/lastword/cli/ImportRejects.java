package dev.lastword.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code FILE.rejected}: the rejected rows, each with its number and the reason. */
final class ImportRejects implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final Path path;
  private final FileChannel file;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  /**
   * @param length size to keep of an earlier run; rows after that will be written again
   */
  ImportRejects(Path path, long length) throws IOException {
    this.path = path;
    file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.truncate(length);
    file.position(file.size());
  }

  void add(ImportRows.Row row, String reason) throws IOException {
    try (JsonGenerator json =
        JSON.createGenerator(lines).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      json.writeNumberField("row", row.number());
      json.writeStringField("reason", reason);
      json.writeStringField("content", new String(row.json(), StandardCharsets.UTF_8));
      json.writeEndObject();
    }
    lines.write('\n');
  }

  /**
   * Writes the added rows.
   *
   * @return the size of the file
   */
  long flush() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    lines.reset();
    return file.position();
  }

  /** Closes the file, and deletes it if it is empty. */
  @Override
  public void close() throws IOException {
    long length = file.size();
    file.close();
    if (length == 0) {
      Files.delete(path);
    }
  }
}
