package dev.lastword.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a server with TLS, by handshakes of the JDK's client. */
@Tag("once")
@Timeout(120)
class TlsTest {

  @TempDir static Path folder;
  static ApplicationContext context;
  static TestCertificate first;

  /** The files that the server reads. */
  static Path certificate;

  static Path key;

  @BeforeAll
  static void start() throws Exception {
    certificate = folder.resolve("certificate.pem");
    key = folder.resolve("key.pem");
    first = TestCertificate.create(folder, "first", "RSA", 30);
    replace(certificate, first.certificate());
    replace(key, first.key());
    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(TestDatabase.create()));
    settings.put("lastword.port", 0);
    settings.put("lastword.promotion.enabled", false);
    settings.put("lastword.request-timeout", "2s");
    settings.put("micronaut.server.idle-timeout", "2s");
    settings.put("lastword.tls.certificate", certificate);
    settings.put("lastword.tls.key", key);
    context = ApplicationContext.run(settings);
    context.getBean(EmbeddedServer.class).start();
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  private static void replace(Path file, Path by) throws IOException {
    Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns a context that trusts one certificate alone. */
  private static SSLContext trusting(TestCertificate trusted) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "trusted", PemKeyStore.certificate(PemKeyStore.read(trusted.certificate(), trusted.key())));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return tls;
  }

  /** Calls the server as a client that trusts one certificate, and returns the server's name. */
  private static String serverOf(TestCertificate trusted) throws Exception {
    URI url = context.getBean(EmbeddedServer.class).getURI();
    assertThat(url).hasScheme("https");
    var client = HttpClient.newBuilder().sslContext(trusting(trusted)).build();
    var response =
        client.send(
            HttpRequest.newBuilder(url.resolve("/searches")).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.sslSession().orElseThrow().getPeerPrincipal().getName();
  }

  @Test
  void aCertificateIsReplacedTogetherWithItsKeyAndByNothingElse() throws Exception {
    TlsCertificate tls = context.getBean(TlsCertificate.class);
    assertThat(serverOf(first)).isEqualTo("CN=first");
    TestCertificate second = TestCertificate.create(folder, "second", "EC", 30);
    replace(key, second.key());
    tls.reload();
    assertThat(serverOf(first)).isEqualTo("CN=first");
    replace(certificate, second.certificate());
    tls.reload();
    assertThat(serverOf(second)).isEqualTo("CN=second");
    assertThatThrownBy(() -> serverOf(first)).isInstanceOf(SSLHandshakeException.class);
    Files.writeString(certificate, "half of a certif");
    tls.reload();
    Files.delete(certificate);
    tls.reload();
    assertThat(serverOf(second)).isEqualTo("CN=second");
    replace(certificate, first.certificate());
    replace(key, first.key());
    tls.reload();
    assertThat(serverOf(first)).isEqualTo("CN=first");
  }

  @Test
  void oldProtocolsAndPlainHttpGetNothing() throws Exception {
    int port = context.getBean(EmbeddedServer.class).getPort();
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
      plain
          .getOutputStream()
          .write("GET /searches HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1.1");
    }
    try (var socket =
        (SSLSocket)
            trusting(first)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  /** Before the handshake, within it, and after it. */
  @Test
  void aConnectionOnWhichNothingHappensIsClosed() throws Exception {
    int port = context.getBean(EmbeddedServer.class).getPort();
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), port);
        var idle =
            trusting(first)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      slow.getOutputStream().write(22); // of a handshake record
      ((SSLSocket) idle).startHandshake();
      for (Socket socket : List.of(silent, slow, idle)) {
        socket.setSoTimeout(60_000);
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void keysOfAllCommonKindsAreRead(String algorithm) throws Exception {
    TestCertificate pair = TestCertificate.create(folder, "of-" + algorithm, algorithm, 30);
    KeyStore store = PemKeyStore.read(pair.certificate(), pair.key());
    assertThat(PemKeyStore.certificate(store).getSubjectX500Principal().getName())
        .isEqualTo("CN=of-" + algorithm);
  }

  @Test
  void whatDoesNotBelongTogetherIsRefusedWithASentence() throws Exception {
    for (String algorithm : List.of("RSA", "Ed25519")) {
      Path other = TestCertificate.create(folder, "not-" + algorithm, algorithm, 30).key();
      assertThatThrownBy(() -> PemKeyStore.read(first.certificate(), other))
          .hasMessageMatching("The key in .* is not that of the first certificate in .*\\.");
    }
    assertThatThrownBy(() -> PemKeyStore.read(folder.resolve("none.pem"), first.key()))
        .hasMessageEndingWith("none.pem is not a file that can be read.");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    for (Path wrong : List.of(empty, first.certificate())) {
      assertThatThrownBy(() -> PemKeyStore.read(first.certificate(), wrong))
          .hasMessageEndingWith("its private key without a password, in PEM format.");
    }
    assertThatThrownBy(() -> PemKeyStore.read(first.key(), first.key()))
        .hasMessageEndingWith("its private key without a password, in PEM format.");
  }
}
