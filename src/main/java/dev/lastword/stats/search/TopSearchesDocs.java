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

/** Documents {@code GET /stats/top-searches}. */
@Operation(operationId = "topSearches", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The searches, most frequent first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = TopSearchesController.TopSearches.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"keyword": "business", "count": 412, "share": 0.051500, "users": 96, "sessions": 377,
                     "rank": 1, "rank_before": 3},
                    {"keyword": "bus tickets", "count": 388, "share": 0.048500, "users": 0, "sessions": 351,
                     "rank": 2, "rank_before": null}], "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  keyword,count,share,users,sessions,rank,rank_before
                  business,412,0.051500,96,377,1,3
                  bus tickets,388,0.048500,0,351,2,
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface TopSearchesDocs {}
