package dev.lastword.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.lastword.database.SecretSetting;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.env.Environment;
import io.micronaut.core.async.annotation.SingleResult;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.token.jwt.signature.ReactiveSignatureConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Signs and verifies tokens, with HMAC-SHA256 and nothing else.
 *
 * <p>The key is that of {@code LASTWORD_TOKEN_SECRET}. Without it, each day has a random one in the
 * database, which the first node that needs it makes. A token names its key, so those of yesterday
 * remain valid.
 */
@Singleton
class TokenKeys implements ReactiveSignatureConfiguration<SignedJWT> {
  private static final String SETTING = "setting";
  private static final Pattern ID = Pattern.compile("[0-9a-z]{12}");

  /**
   * A key.
   *
   * @param id names it in the header of a token
   */
  record TokenKey(String id, byte[] secret) {}

  private final TokenKeyRepository repository;
  private final @Nullable TokenKey given;
  private final FreshCache<String, Optional<TokenKey>> cache;

  TokenKeys(
      TokenKeyRepository repository,
      Environment settings,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads,
      @Value("${lastword.max-wait}") Duration maxWait) {
    this.repository = repository;
    this.given =
        SecretSetting.read(settings, "lastword.token-secret")
            .map(text -> new TokenKey(SETTING, text.getBytes(StandardCharsets.UTF_8)))
            .orElse(null);
    this.cache = new FreshCache<>(threads, maxWait, repository::find);
  }

  /** Signs a token, with a statement if the key is in the database. */
  SignedJWT sign(JWTClaimsSet claims) {
    TokenKey key = given == null ? repository.ofToday() : given;
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.id).build();
    var token = new SignedJWT(header, claims);
    try {
      JWSSigner signer = new MACSigner(key.secret);
      token.sign(signer);
      return token;
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  @SingleResult
  public Publisher<Boolean> verify(SignedJWT token) {
    JWSHeader header = token.getHeader();
    String id = header.getKeyID();
    if (id == null || !header.getAlgorithm().equals(JWSAlgorithm.HS256)) {
      return Mono.just(false);
    }
    // The future is shared with other requests, so none of them may cancel it.
    return Mono.fromFuture(find(id), true)
        .map(key -> key.filter(found -> isSigned(token, found)).isPresent());
  }

  private CompletableFuture<Optional<TokenKey>> find(String id) {
    if (given != null || !ID.matcher(id).matches()) {
      return CompletableFuture.completedFuture(
          Optional.ofNullable(given).filter(key -> key.id.equals(id)));
    }
    return cache.get(id);
  }

  private static boolean isSigned(SignedJWT token, TokenKey key) {
    try {
      return token.verify(new MACVerifier(key.secret));
    } catch (JOSEException e) {
      return false;
    }
  }
}
