package dev.lastword.access;

import dev.lastword.access.Credentials.Source;
import dev.lastword.http.connection.Sender;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The key of a sender, if it is in memory. All others share a name: keys can be invented. So do
 * those with a token, which takes long to verify. While the service is open, there are none.
 */
@Singleton
class SenderKey implements Sender {
  private static final String UNKNOWN = "unknown key";

  private final KeyCache keys;

  SenderKey(KeyCache keys) {
    this.keys = keys;
  }

  @Override
  public @Nullable String of(HttpRequest request, InetAddress client) {
    if (!keys.existed()) {
      return null;
    }
    Credentials given = Credentials.of(request.headers()::get);
    String id = given == null ? null : keyId(given);
    return id == null ? UNKNOWN : "key " + id;
  }

  private @Nullable String keyId(Credentials given) {
    if (given.source() == Source.SIGNATURE) {
      RequestSignature signature = RequestSignature.parse(given.text());
      return signature != null && keys.isKnown(signature.keyId()) ? signature.keyId() : null;
    }
    KeyText text = KeyText.parse(given.text());
    return text != null && keys.isKnown(text) ? text.id() : null;
  }
}
