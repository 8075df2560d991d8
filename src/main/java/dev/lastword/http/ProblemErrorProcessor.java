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
 * Gives every error of the server the form of a {@link Problem}.
 *
 * <p>Micronaut sends all its errors through this one bean. What it would say of most of them names
 * its own classes, or the parser's; so each kind gets a sentence of ours, and a kind not known here
 * gets only the name of its status.
 */
@Singleton
class ProblemErrorProcessor implements ErrorResponseProcessor<Problem> {

  private final long maxRequestSize;

  ProblemErrorProcessor(HttpServerConfiguration server) {
    this.maxRequestSize = server.getMaxRequestSize();
  }

  @Override
  @SuppressWarnings("unchecked") // The body that a response had so far is replaced.
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext error, MutableHttpResponse<?> response) {
    var answer = (MutableHttpResponse<Problem>) response;
    if (error.getRequest().getMethod() == HttpMethod.HEAD) {
      return answer;
    }
    HttpStatus status = response.status();
    if (status == HttpStatus.SERVICE_UNAVAILABLE) {
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
      return "The request is larger than the " + maxRequestSize + " bytes that are taken.";
    }
    if (cause instanceof URISyntaxException) {
      return "The URL is not valid.";
    }
    if (cause instanceof NotFoundException) {
      return "There is nothing at " + error.getRequest().getPath() + ".";
    }
    if (cause instanceof NotAllowedException e) {
      return "%s is not answered here, only %s."
          .formatted(e.getRequestMethod(), list(e.getAllowedMethods()));
    }
    if (cause instanceof NotAcceptableException e) {
      return "The answer can be had as %s.".formatted(list(e.getProduceableContentTypes()));
    }
    if (cause instanceof UnsupportedMediaException e) {
      return "The body can be sent as %s.".formatted(list(e.getAcceptableContentTypes()));
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
        ? "The request was not understood: " + status.getReason() + "."
        : "The request was not answered: " + status.getReason() + ".";
  }

  private static String misfit(ConversionErrorException e) {
    if (isBody(e.getArgument())) {
      return "The body does not have the form that is expected here.";
    }
    String value =
        e.getConversionError().getOriginalValue().map(Objects::toString).orElse("what was given");
    return "%s cannot be '%s': it takes %s."
        .formatted(name(e.getArgument()), value, kind(e.getArgument().getType()));
  }

  private static String kind(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    boolean whole =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    return whole ? "a whole number" : "another form";
  }

  private static String place(JsonSyntaxException e) {
    // The parser's own words quote its settings and, with some of them, the body.
    if (e.getCause() instanceof JsonProcessingException parser && parser.getLocation() != null) {
      var place = parser.getLocation();
      return " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
    return "";
  }

  private static boolean isBody(Argument<?> argument) {
    return argument.getAnnotationMetadata().hasAnnotation(Body.class);
  }

  /** The name that the client knows, which may differ from that of the Java parameter. */
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
