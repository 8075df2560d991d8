package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate of localhost that signs itself, and its key, in files of PEM format. */
public record TestCertificate(Path certificate, Path key) {
  private static final String PASSWORD = "changeit";
  private static final int AGE = 100;

  /**
   * Creates them by the JDK's keytool.
   *
   * @param name the name of the files, and the common name of the certificate
   * @param algorithm RSA, EC or Ed25519
   * @param days days until it expires; if negative, since it has expired
   */
  public static TestCertificate create(Path folder, String name, String algorithm, int days)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve(name + ".p12");
    Path log = folder.resolve("keytool.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            algorithm,
            "-dname",
            "CN=" + name,
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-startdate",
            -AGE + "d",
            "-validity",
            Integer.toString(AGE + days),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            store.toString());
    Process keytool =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(keytool.waitFor()).as(() -> read(log)).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(store)) {
      keys.load(bytes, PASSWORD.toCharArray());
    }
    return new TestCertificate(
        write(store, "certificate", "CERTIFICATE", keys.getCertificate("key").getEncoded()),
        write(
            store, "key", "PRIVATE KEY", keys.getKey("key", PASSWORD.toCharArray()).getEncoded()));
  }

  private static Path write(Path store, String kind, String label, byte[] content)
      throws IOException {
    return Files.writeString(
        store.resolveSibling(store.getFileName() + "." + kind + ".pem"),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(label, Base64.getMimeEncoder().encodeToString(content), label));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
