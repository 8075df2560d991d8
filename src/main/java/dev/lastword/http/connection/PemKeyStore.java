package dev.lastword.http.connection;

import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.io.ResourceResolver;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.ssl.SslBuilder;
import io.micronaut.http.ssl.SslConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Reads a private key and its certificates from files in PEM format, with the framework's parser.
 */
public final class PemKeyStore extends SslBuilder<KeyStore> {
  private static final String ENTRY = "key"; // as the framework names it

  private PemKeyStore() {
    super(new ResourceResolver());
  }

  /**
   * Reads both files and checks that they belong together.
   *
   * @throws ConfigurationException with a sentence for the operator
   */
  public static KeyStore read(Path certificate, Path key) {
    for (Path file : new Path[] {certificate, key}) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new ConfigurationException("%s is not a file that can be read.".formatted(file));
      }
    }
    var ssl = new SslConfiguration();
    ssl.getKeyStore().setCertificatePath("file:" + certificate);
    ssl.getKeyStore().setKeyPath("file:" + key);
    KeyStore store;
    boolean match;
    try {
      store = new PemKeyStore().getKeyStore(ssl).orElseThrow();
      match = match((PrivateKey) store.getKey(ENTRY, null), certificate(store));
    } catch (Exception e) {
      throw new ConfigurationException(
          "%s must have a certificate, and %s its private key without a password, in PEM format."
              .formatted(certificate, key),
          e);
    }
    if (!match) {
      throw new ConfigurationException(
          "The key in %s is not that of the first certificate in %s.".formatted(key, certificate));
    }
    return store;
  }

  /** Returns the certificate of the key, without those of its issuers. */
  public static X509Certificate certificate(KeyStore store) throws GeneralSecurityException {
    return (X509Certificate) store.getCertificate(ENTRY);
  }

  private static boolean match(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(text);
    return signature.verify(signed);
  }

  @Override
  public Optional<KeyStore> build(SslConfiguration ssl) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<KeyStore> build(SslConfiguration ssl, HttpVersion version) {
    throw new UnsupportedOperationException();
  }
}
