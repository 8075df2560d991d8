package dev.lastword.access;

import dev.lastword.http.AllowedOrigins;
import dev.lastword.http.Parameters;
import dev.lastword.row.Text;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a key may be used for, which matters if it is part of a page and so known to all. */
public final class KeyRestrictions {
  public static final KeyRestrictions NONE = new KeyRestrictions(List.of(), List.of());

  static final int MAX_TOPICS = 100;
  static final int MAX_ORIGINS = 20;

  private static final int MAX_TOPIC = 255;

  private final List<String> topics;
  private final List<String> origins;
  private final AllowedOrigins allowedOrigins;

  /** Takes values that {@link #of} has checked. */
  KeyRestrictions(List<String> topics, List<String> origins) {
    this.topics = topics;
    this.origins = origins;
    this.allowedOrigins = AllowedOrigins.of(origins);
  }

  /**
   * Checks the restrictions of a request.
   *
   * @throws io.micronaut.http.exceptions.HttpStatusException with a sentence if one is wrong
   */
  public static KeyRestrictions of(
      @Nullable Collection<@Nullable String> topics,
      @Nullable Collection<@Nullable String> origins) {
    return new KeyRestrictions(topics(texts(topics)), origins(texts(origins)));
  }

  /** Returns the elements of an array of JSON, in which null is no text. */
  private static List<String> texts(@Nullable Collection<@Nullable String> given) {
    return given == null
        ? List.of()
        : given.stream().map(text -> text == null ? "" : text.strip()).toList();
  }

  private static List<String> topics(List<String> texts) {
    List<String> topics = texts.stream().distinct().toList();
    Parameters.require(
        topics.size() <= MAX_TOPICS
            && topics.stream().allMatch(topic -> !topic.isEmpty() && Text.isName(topic, MAX_TOPIC)),
        "topics must be at most %d names of 1 to %d characters without control characters."
            .formatted(MAX_TOPICS, MAX_TOPIC));
    return topics;
  }

  private static List<String> origins(List<String> texts) {
    try {
      texts.forEach(text -> Parameters.requireText("origins", text));
      List<String> origins =
          texts.stream().flatMap(text -> AllowedOrigins.parse(text).stream()).distinct().toList();
      Parameters.require(
          origins.size() <= MAX_ORIGINS, "origins must be at most %d.".formatted(MAX_ORIGINS));
      return origins;
    } catch (IllegalArgumentException e) {
      throw new HttpStatusException(
          HttpStatus.BAD_REQUEST,
          "origins must be like https://shop.example or https://*.shop.example, not '%s'."
              .formatted(e.getMessage()));
    }
  }

  /** Returns the topics of the events that the key may write; empty for all. */
  List<String> topics() {
    return topics;
  }

  /** Returns the origins of the pages that may use the key; empty if all clients may. */
  List<String> origins() {
    return origins;
  }

  /** Returns whether the key may write events of this topic. */
  public boolean allowsTopic(String topic) {
    return topics.isEmpty() || topics.contains(topic);
  }

  /**
   * Returns whether a request with this header {@code Origin} may use the key.
   *
   * @param origin null without the header
   */
  boolean allowsOrigin(@Nullable String origin) {
    return origins.isEmpty() || origin != null && allowedOrigins.allows(origin);
  }

  @Override
  public String toString() {
    return (topics.isEmpty() ? "" : ", topics " + String.join(", ", topics))
        + (origins.isEmpty() ? "" : ", origins " + String.join(", ", origins));
  }
}
