package dev.lastword.access;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of an API key, {@code lw_<id>_<secret>}. The id is readable and stored, the secret is
 * 256 random bits, of which only the hash is stored.
 */
final class KeyText {
  private static final String ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_LENGTH = 12;
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORM = Pattern.compile("lw_([0-9a-z]{12})_([A-Za-z0-9_-]{43})");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String id;
  private final byte[] secret;

  private KeyText(String id, byte[] secret) {
    this.id = id;
    this.secret = secret;
  }

  /** Returns an id of 60 random bits. */
  static String randomId() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt(RANDOM.nextInt(ID_LETTERS.length())));
    }
    return id.toString();
  }

  static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  static KeyText random() {
    return new KeyText(randomId(), randomBytes(SECRET_BYTES));
  }

  /** Returns null if the text does not have the form of a key. */
  static @Nullable KeyText parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? new KeyText(parts.group(1), Base64.getUrlDecoder().decode(parts.group(2)))
        : null;
  }

  /** Returns the text of a key whose secret is stored. */
  static KeyText of(String id, byte[] secret) {
    return new KeyText(id, secret);
  }

  byte[] secret() {
    return secret;
  }

  String id() {
    return id;
  }

  /** Returns SHA-256 of the secret. A random secret needs no salt and no slow hash. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the text that the client sends, with the secret. */
  String reveal() {
    return "lw_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /** Returns the id alone, so that a secret cannot get into a log by mistake. */
  @Override
  public String toString() {
    return "lw_" + id + "_...";
  }
}
