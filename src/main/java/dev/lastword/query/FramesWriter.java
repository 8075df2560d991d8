package dev.lastword.query;

import io.micronaut.core.type.Argument;
import io.micronaut.core.type.MutableHeaders;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.body.MessageBodyWriter;
import io.micronaut.http.codec.CodecException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;

/** Sends frames as they are: Micronaut's own writer would encode each row for each reader. */
@Singleton
@Produces(MediaType.TEXT_EVENT_STREAM)
class FramesWriter implements MessageBodyWriter<Frames> {

  @Override
  public void writeTo(
      Argument<Frames> type,
      MediaType mediaType,
      Frames frames,
      MutableHeaders headers,
      OutputStream out) {
    try {
      out.write(frames.bytes());
    } catch (IOException e) {
      throw new CodecException("Frames not sent", e);
    }
  }
}
