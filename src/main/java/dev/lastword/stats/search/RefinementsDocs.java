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

/** Documents {@code GET /stats/refinements}. */
@Operation(operationId = "refinements", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "What came next, most frequent first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = RefinementsController.Refinements.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"keyword": "bus tickets", "count": 12, "share": 0.150000},
                    {"keyword": "bus timetable", "count": 4, "share": 0.050000}],
                   "searches": 80, "nothing_more": 64, "nothing_more_share": 0.800000, "source": "log"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  keyword,count,share
                  bus tickets,12,0.150000
                  bus timetable,4,0.050000
                  ,64,0.800000
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface RefinementsDocs {}
