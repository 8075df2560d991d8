package dev.lastword.stats.search;

import dev.lastword.stats.Answers;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents {@code GET /stats/sessions}. */
@Operation(operationId = "sessions", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "Each day, oldest first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = SessionsController.Sessions.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"period": "2025-10-13", "sessions": 377, "searches": 812, "searches_per_session": 2.15,
                     "keystrokes": 9130, "keystrokes_per_search": 11.24},
                    {"period": "2025-10-14", "sessions": 0, "searches": 0, "searches_per_session": null,
                     "keystrokes": 0, "keystrokes_per_search": null}], "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  period,sessions,searches,searches_per_session,keystrokes,keystrokes_per_search
                  2025-10-13,377,812,2.15,9130,11.24
                  2025-10-14,0,0,,0,
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface SessionsDocs {}
