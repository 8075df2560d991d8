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

/** Documents {@code GET /stats/trending-searches}. */
@Operation(operationId = "trendingSearches", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The searches, strongest trend first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = TrendingSearchesController.TrendingSearches.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"keyword": "umbrella", "count": 64, "count_before": 3, "share": 0.008000,
                     "share_before": 0.000375, "score": 68.62}], "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  keyword,count,count_before,share,share_before,score
                  umbrella,64,3,0.008000,0.000375,68.62
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface TrendingSearchesDocs {}
