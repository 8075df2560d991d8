package dev.lastword.access;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.body.ByteBody.SplitBackpressureMode;
import io.micronaut.http.body.CloseableAvailableByteBody;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a request, {@code Authorization: HMAC-SHA256 <key id>:<time>:<signature>}.
 *
 * <p>It is HMAC-SHA256, under the text of the key, of five lines without a line feed at the end:
 *
 * <ol>
 *   <li>the method, such as {@code POST}
 *   <li>path and parameters as in the first line of the request, such as {@code
 *       /events?topic=order}
 *   <li>the time of signing, in seconds since 1970
 *   <li>the {@code Idempotency-Key}, empty without one, so that a copy cannot do without it
 *   <li>SHA-256 of the body before compression, in lower-case hexadecimal digits
 * </ol>
 *
 * @param seconds the time of signing, in seconds since 1970
 * @param signature 32 bytes
 */
record RequestSignature(String keyId, long seconds, byte[] signature) {
  static final String SCHEME = "HMAC-SHA256 ";

  /** For clocks that differ; and the time for which a copy of a request can be sent again. */
  static final Duration WINDOW = Duration.ofMinutes(5);

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final Pattern FORM =
      Pattern.compile("([0-9a-z]{12}):([0-9]{1,12}):([0-9a-fA-F]{64})");

  /** Returns null if the text, after the name of the scheme, does not have this form. */
  static @Nullable RequestSignature parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? new RequestSignature(
            parts.group(1), Long.parseLong(parts.group(2)), HexFormat.of().parseHex(parts.group(3)))
        : null;
  }

  boolean isWithinWindow(Instant now) {
    return Duration.between(Instant.ofEpochSecond(seconds), now).abs().compareTo(WINDOW) <= 0;
  }

  /** Returns whether the key signed this request. Reads the body, which stays to be read. */
  CompletableFuture<Boolean> matches(HttpRequest<?> request, KeyText key) {
    return body(request)
        .thenApply(body -> MessageDigest.isEqual(signature, sign(request, sha256(body), key)));
  }

  private byte[] sign(HttpRequest<?> request, String bodyHash, KeyText key) {
    String lines =
        String.join(
            "\n",
            request.getMethodName(),
            request.getUri().toString(),
            Long.toString(seconds),
            Objects.requireNonNullElse(request.getHeaders().get(IDEMPOTENCY_KEY), ""),
            bodyHash);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(key.reveal().getBytes(StandardCharsets.US_ASCII), mac.getAlgorithm()));
      return mac.doFinal(lines.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<byte[]> body(HttpRequest<?> request) {
    // The controller reads its part only afterwards.
    return ((ServerHttpRequest<?>) request)
        .byteBody()
        .split(SplitBackpressureMode.NEW)
        .buffer()
        .thenApply(
            body -> {
              try (CloseableAvailableByteBody closed = body) {
                return closed.toByteArray();
              }
            });
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
