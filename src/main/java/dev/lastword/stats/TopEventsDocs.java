package dev.lastword.stats;

import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents {@code GET /stats/top-events}. */
@Operation(operationId = "topEvents", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The topics, most frequent first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          array = @ArraySchema(schema = @Schema(implementation = TopEventsController.Topic.class)),
          examples =
              @ExampleObject(
                  """
                  [{"event_type": "page_view", "count": 48213}, {"event_type": "order", "count": 391}]
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  event_type,count
                  page_view,48213
                  order,391
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface TopEventsDocs {}
