package dev.lastword.stats;

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

/** Documents {@code GET /stats/retention}. */
@Operation(operationId = "retention", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The cohorts, oldest first.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = RetentionController.Cohorts.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"cohort": "2025-10-06", "size": 200, "periods": [
                      {"period": 0, "returned": 200, "rate": 1.0000},
                      {"period": 1, "returned": 61, "rate": 0.3050}]},
                    {"cohort": "2025-10-13", "size": 0, "periods": [{"period": 0, "returned": 0, "rate": null}]}], "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  cohort,size,period,returned,rate
                  2025-10-06,200,0,200,1.0000
                  2025-10-06,200,1,61,0.3050
                  2025-10-13,0,0,0,
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface RetentionDocs {}
