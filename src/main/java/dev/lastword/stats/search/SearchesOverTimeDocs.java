package dev.lastword.stats.search;

import dev.lastword.stats.Answers;
import dev.lastword.stats.Series;
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

/** Documents {@code GET /stats/searches-over-time}. */
@Operation(operationId = "searchesOverTime", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The number of searches per period, oldest first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = Series.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"period": "2025-10-13T08:00:00Z", "value": 118, "count": 118},
                    {"period": "2025-10-13T09:00:00Z", "value": 0, "count": 0}], "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  period,value,count
                  2025-10-13T08:00:00Z,118,118
                  2025-10-13T09:00:00Z,0,0
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface SearchesOverTimeDocs {}
