package dev.lastword.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.http.server.exceptions.NotAcceptableException;
import io.micronaut.http.server.exceptions.NotAllowedException;
import io.micronaut.http.server.exceptions.NotFoundException;
import io.micronaut.http.server.exceptions.UnsupportedMediaException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.json.JsonSyntaxException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import jakarta.inject.Singleton;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers every error of the framework with a {@link Problem}.
 *
 * <p>Micronaut sends all its errors through this bean. Most of its own messages name classes of
 * Micronaut or of the parser, so each kind has a sentence here, and an unknown kind gets only the
 * name of its status.
 */
@Singleton
class ProblemErrorProcessor implements ErrorResponseProcessor<Problem> {

  private final long maxRequestSize;

  ProblemErrorProcessor(HttpServerConfiguration server) {
    this.maxRequestSize = server.getMaxRequestSize();
  }

  @Override
  @SuppressWarnings("unchecked") // replaces the body that the response had
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext error, MutableHttpResponse<?> response) {
    var answer = (MutableHttpResponse<Problem>) response;
    if (error.getRequest().getMethod() == HttpMethod.HEAD) {
      return answer;
    }
    HttpStatus status = response.status();
    if (status == HttpStatus.SERVICE_UNAVAILABLE || status == HttpStatus.TOO_MANY_REQUESTS) {
      answer.header(HttpHeaders.RETRY_AFTER, "1");
    }
    String detail = detail(status, error);
    return answer
        .body(new Problem(status.getReason(), status.getCode(), detail, null, null))
        .contentType(MediaType.APPLICATION_JSON_PROBLEM_TYPE);
  }

  private String detail(HttpStatus status, ErrorContext error) {
    Throwable cause = error.getRootCause().orElse(null);
    if (status == HttpStatus.REQUEST_ENTITY_TOO_LARGE && !(cause instanceof HttpStatusException)) {
      return "The request body must be at most " + maxRequestSize + " bytes.";
    }
    if (cause instanceof URISyntaxException) {
      return "The URL is not valid.";
    }
    if (cause instanceof NotFoundException) {
      return "No such resource: " + error.getRequest().getPath() + ".";
    }
    if (cause instanceof NotAllowedException e) {
      return "Method %s not allowed; use %s."
          .formatted(e.getRequestMethod(), list(e.getAllowedMethods()));
    }
    if (cause instanceof NotAcceptableException e) {
      return "Accept must include one of: %s.".formatted(list(e.getProduceableContentTypes()));
    }
    if (cause instanceof UnsupportedMediaException e) {
      return "Content-Type must be one of: %s.".formatted(list(e.getAcceptableContentTypes()));
    }
    if (cause instanceof HttpStatusException e && e.getMessage() != null) {
      return e.getMessage();
    }
    if (cause instanceof JsonSyntaxException e) {
      return "The body is not valid JSON" + place(e) + ".";
    }
    if (cause instanceof ConversionErrorException e) {
      return misfit(e);
    }
    if (cause instanceof UnsatisfiedRouteException e) {
      return isBody(e.getArgument())
          ? "The body is missing."
          : name(e.getArgument()) + " is missing.";
    }
    return status.getCode() < 500
        ? "The request is not valid: " + status.getReason() + "."
        : "The request failed: " + status.getReason() + ".";
  }

  private static String misfit(ConversionErrorException e) {
    if (isBody(e.getArgument())) {
      return "The body does not have the expected structure.";
    }
    String value =
        e.getConversionError().getOriginalValue().map(Objects::toString).orElse("the given value");
    return "%s must be %s, not '%s'."
        .formatted(name(e.getArgument()), kind(e.getArgument().getType()), value);
  }

  private static String kind(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    boolean whole =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    return whole ? "an integer" : "of another type";
  }

  private static String place(JsonSyntaxException e) {
    // The parser's message contains its settings and sometimes a part of the body.
    if (e.getCause() instanceof JsonProcessingException parser && parser.getLocation() != null) {
      var place = parser.getLocation();
      return " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
    return "";
  }

  private static boolean isBody(Argument<?> argument) {
    return argument.getAnnotationMetadata().hasAnnotation(Body.class);
  }

  /** Returns the name that clients use, which may differ from that of the Java parameter. */
  static String name(Argument<?> argument) {
    @Nullable String bound =
        argument
            .getAnnotationMetadata()
            .stringValue("io.micronaut.core.bind.annotation.Bindable")
            .orElse(null);
    return bound == null || bound.isEmpty() ? argument.getName() : bound;
  }

  private static String list(Collection<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }
}
