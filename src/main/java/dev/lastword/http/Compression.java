package dev.lastword.http;

import io.micronaut.context.annotation.Primary;
import io.micronaut.http.server.netty.DefaultHttpCompressionStrategy;
import io.micronaut.http.server.netty.HttpCompressionStrategy;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import jakarta.inject.Singleton;

/**
 * Compresses NDJSON, which Micronaut does not take for text, and no server-sent events, which the
 * compressor would delay.
 */
@Singleton
@Primary
class Compression implements HttpCompressionStrategy {

  private final DefaultHttpCompressionStrategy otherwise;

  Compression(DefaultHttpCompressionStrategy otherwise) {
    this.otherwise = otherwise;
  }

  @Override
  public boolean shouldCompress(HttpResponse response) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return Ndjson.TYPE.equals(type)
        || !"text/event-stream".equals(type) && otherwise.shouldCompress(response);
  }

  @Override
  public boolean isEnabled() {
    return otherwise.isEnabled();
  }

  @Override
  public int getCompressionLevel() {
    return otherwise.getCompressionLevel();
  }

  @Override
  public int getMaxZstdEncodeSize() {
    return otherwise.getMaxZstdEncodeSize();
  }
}
