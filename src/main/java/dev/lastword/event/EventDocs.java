package dev.lastword.event;

import dev.lastword.http.Ndjson;
import dev.lastword.http.Problem;
import dev.lastword.idempotency.IdempotentRequests;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Documents {@code POST /events}, {@code /publish} and {@code /ingest}. */
@Parameter(
    in = ParameterIn.QUERY,
    name = "on_duplicate",
    description =
        "The response if an event was stored before: `ignore` (success, the default) or `conflict` (409, the default for a single event with `request_id`).",
    schema = @Schema(allowableValues = {"ignore", "conflict"}))
@Parameter(
    in = ParameterIn.HEADER,
    name = IdempotentRequests.HEADER,
    description =
        "Identifies this request: 1 to 255 printable ASCII characters. A repeat within 24 hours gets the first response, and nothing is stored twice, not even events without an id.",
    schema = @Schema(type = "string"))
@RequestBody(
    description =
        """
        One event, an array of up to 10,000, `{"events": [...]}`, or NDJSON; up to 10 MiB, optionally with
        `Content-Encoding: gzip`, `deflate` or `snappy` (the framing format). Events are deduplicated by topic and
        `event_id`. An event without an id gets one, so its repeat is another event. Accepted aliases are
        `request_id` (not on `/ingest`) and `message_id` for `event_id`, `event_type` and `event` for `topic`,
        `timestamp` for `occurred_at`, `service` for `source`, `word_count` for `value`, `properties` for `payload`.
        Unknown fields become part of the payload.
        """,
    required = true,
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = EventDocs.Body.class),
          examples = {
            @ExampleObject(
                name = "one",
                value =
                    """
                    {"event_id": "o-4711", "topic": "order", "occurred_at": "2025-10-12T10:11:12.345Z", "source": "shop",
                     "user_id": "ann", "value": 19.90, "payload": {"items": 3}}
                    """),
            @ExampleObject(
                name = "batch",
                value =
                    """
                    {"events": [{"event_id": "a", "event_type": "signup", "user_id": "ann", "properties": {"plan": "free"}},
                                {"event_id": "b", "event_type": "login", "user_id": "bob"}]}
                    """),
            @ExampleObject(
                name = "log line",
                value =
                    """
                    {"timestamp": "2025-10-12 10:11:12,345", "level": "ERROR", "service": "shop", "message": "payment failed",
                     "request_id": "r-1"}
                    """)
          }),
      @Content(
          mediaType = MediaType.TEXT_PLAIN,
          schema =
              @Schema(
                  implementation = String.class,
                  description = "the same JSON, as a beacon sends it")),
      @Content(
          mediaType = Ndjson.TYPE,
          schema = @Schema(implementation = String.class, description = "one object a line"))
    })
@ApiResponse(
    responseCode = "202",
    description =
        "The events are committed. `accepted` are new, `duplicates` were stored before; invalid events are listed by their position.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = IngestResponse.class),
            examples =
                @ExampleObject(
                    """
                    {"status": "accepted", "accepted": 1, "duplicates": 1,
                     "rejected": [{"index": 2, "reason": "value must be a number with at most 21 digits before the decimal point"}],
                     "failed": 1, "count": 2, "message": "1 accepted, 1 duplicates, 1 rejected",
                     "details": {"accepted": 1, "rejected": 1, "duplicates_immediate": 1}}
                    """)))
@ApiResponse(
    responseCode = "400",
    description = "The body is not JSON, or none of the events is valid.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Bad Request", "status": 400, "detail": "Rejected: topic must be a string or a number.",
                     "rejected": [{"index": 0, "reason": "topic must be a string or a number"}]}
                    """)))
@ApiResponse(
    responseCode = "409",
    description =
        "An event was stored before, and `on_duplicate` is `conflict`; the other events are committed. Or a request with the same `Idempotency-Key` is in progress.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = ConflictProblem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Conflict", "status": 409,
                     "detail": "Event 'r-1' of topic 'default' is already stored as 7384120934502400001 and occurred at 2025-10-12T10:11:11.870Z.",
                     "accepted": 0,
                     "duplicates": [{"index": 0, "topic": "default", "event_id": "r-1", "id": "7384120934502400001",
                                     "occurred_at": "2025-10-12T10:11:11.870Z"}],
                     "rejected": []}
                    """)))
@ApiResponse(
    responseCode = "422",
    description = "The `Idempotency-Key` was used with a different request.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Unprocessable Entity", "status": 422,
                     "detail": "This Idempotency-Key was used with a different request."}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface EventDocs {

  /**
   * An event as a client sends it.
   *
   * @param eventId up to 255 characters; events are deduplicated by it and the topic
   * @param topic up to 255 characters; by default `default`, on `/ingest` `log`
   * @param occurredAt ISO-8601, or seconds or milliseconds since 1970, up to a day ahead; by
   *     default the time of arrival
   * @param source the sender, up to 255 characters
   * @param userId up to 255 characters
   * @param sessionId up to 255 characters
   * @param level up to 32 characters
   * @param value a number, rounded to nine decimal places
   * @param message up to 16,000 characters
   * @param payload any JSON, up to 65,536 characters and nested up to 30 deep
   */
  @Schema(name = "Event")
  record Body(
      @Nullable String eventId,
      @Nullable String topic,
      @Nullable String occurredAt,
      @Nullable String source,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String level,
      @Nullable Double value,
      @Nullable String message,
      @Nullable Object payload) {}
}
