package dev.lastword.search;

import dev.lastword.http.Ndjson;
import dev.lastword.http.Problem;
import dev.lastword.search.KeystrokeController.KeystrokeResponse;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Operation;
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

/** Documents {@code POST /log}. */
@Operation(
    operationId = "logKeystrokes",
    tags = "Keystrokes",
    summary = "Takes one keystroke or a batch.",
    description =
        "The response 202 means that the keystrokes are committed. When a session has been silent for some seconds, its searches appear in `GET /searches`.")
@RequestBody(
    description =
        """
        One object, an array of up to 1,000, `{"events": [...]}`, or NDJSON; up to 1 MiB. Unknown fields are ignored.
        """,
    required = true,
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = KeystrokeDocs.Body.class),
          examples = {
            @ExampleObject(
                name = "one",
                value =
                    """
                    {"keyword": "Busine", "session_id": "s-4711", "user_id": "ann", "typed_at": 1760263871870}
                    """),
            @ExampleObject(
                name = "batch",
                value =
                    """
                    {"events": [{"keyword": "Busines", "session_id": "s-4711"},
                                {"keyword": "Business", "session_id": "s-4711", "submitted": true}]}
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
        "The keystrokes are committed. Invalid ones are listed by their position in the request.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = KeystrokeResponse.class),
            examples =
                @ExampleObject(
                    """
                    {"status": "ok", "accepted": 1, "rejected": []}
                    """)))
@ApiResponse(
    responseCode = "400",
    description = "The body is not JSON, or none of the keystrokes is valid.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Bad Request", "status": 400, "detail": "Rejected: session_id is missing.",
                     "rejected": [{"index": 0, "reason": "session_id is missing"}]}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface KeystrokeDocs {

  /**
   * A keystroke as a client sends it.
   *
   * @param keyword the whole text now in the box, up to 255 characters; empty if the box was
   *     cleared
   * @param sessionId one visitor's typing in one search box: 1 to 64 printable ASCII characters
   * @param userId up to 255 characters; empty means none
   * @param typedAt ISO-8601 or milliseconds since 1970, by the clock of the client
   * @param submitted whether Enter was pressed
   * @param lost number of keystrokes before this one that the client could not deliver, up to
   *     10,000; {@code GET /stats} shows the rate
   */
  @Schema(name = "Keystroke")
  record Body(
      String keyword,
      String sessionId,
      @Nullable String userId,
      @Nullable String typedAt,
      @Nullable Boolean submitted,
      @Nullable Integer lost) {}
}
