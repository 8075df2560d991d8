package dev.lastword.http.connection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.http.server.netty.ssl.ServerSslBuilder;
import io.micronaut.http.ssl.CertificateProvider;
import io.micronaut.http.ssl.ServerSslConfiguration;
import io.micronaut.scheduling.annotation.Scheduled;
import io.netty.handler.ssl.SslContext;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Sinks;

/**
 * TLS with the certificate and the key of two files, which are read again when they change.
 *
 * <p>The framework has such a provider. It watches only the folder of the key, which does not see
 * the links that Kubernetes replaces, and it would also use a key without its certificate while
 * only one of the two files has been written.
 */
@Singleton
@Named(TlsCertificate.NAME)
@Requires(property = TlsCertificate.CERTIFICATE, pattern = ".+")
class TlsCertificate implements CertificateProvider, ServerSslBuilder {
  static final String CERTIFICATE = "lastword.tls.certificate";
  static final String NAME = "lastword";

  private static final Logger LOG = LoggerFactory.getLogger(TlsCertificate.class);

  private final Path certificate;
  private final Path key;
  private final ServerSslConfiguration configuration = new ServerSslConfiguration();
  private final Sinks.Many<KeyStore> stores = Sinks.many().replay().latest();
  private byte[] seen;
  private volatile long expires;

  TlsCertificate(
      @Value("${" + CERTIFICATE + "}") Path certificate,
      @Value("${lastword.tls.key}") Path key,
      HttpServerConfiguration server,
      RequestSettings settings,
      MeterRegistry meters) {
    this.certificate = certificate;
    this.key = key;
    configuration.setEnabled(true);
    configuration.setPort(server.getPort().orElseThrow());
    configuration.setKeyName(NAME);
    configuration.setHandshakeTimeout(settings.requestTimeout());
    configuration.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    seen = content();
    use(PemKeyStore.read(certificate, key));
    TimeGauge.builder(
            "lastword.tls.certificate.expires.in",
            this,
            TimeUnit.MILLISECONDS,
            tls -> tls.expires - System.currentTimeMillis())
        .description("time until the certificate expires")
        .register(meters);
  }

  /** Reads the files if they have changed, and keeps the former certificate if that fails. */
  @Scheduled(fixedDelay = "10s")
  void reload() {
    try {
      byte[] content = content();
      if (!Arrays.equals(content, seen)) {
        // Remembered first, so that what cannot be used is reported once.
        seen = content;
        use(PemKeyStore.read(certificate, key));
        LOG.info("The certificate was replaced by the one that is now in {}.", certificate);
      }
    } catch (ConfigurationException e) {
      LOG.warn("The former certificate stays in use: {}", e.getMessage());
    }
  }

  private void use(KeyStore store) {
    try {
      expires = PemKeyStore.certificate(store).getNotAfter().getTime();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    if (expires < System.currentTimeMillis()) {
      LOG.warn("The certificate in {} has expired; clients will refuse it.", certificate);
    }
    stores.tryEmitNext(store).orThrow();
  }

  /** Returns the content of both files; nothing if they cannot be read. */
  private byte[] content() {
    var both = new ByteArrayOutputStream();
    try {
      both.writeBytes(Files.readAllBytes(certificate));
      both.writeBytes(Files.readAllBytes(key));
      return both.toByteArray();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public Publisher<KeyStore> getKeyStore() {
    return stores.asFlux();
  }

  @Override
  public ServerSslConfiguration getSslConfiguration() {
    return configuration;
  }

  /** Unused, because the configuration names this provider. */
  @Override
  public Optional<SslContext> build() {
    return Optional.empty();
  }
}
