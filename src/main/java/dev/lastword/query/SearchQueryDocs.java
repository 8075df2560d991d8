package dev.lastword.query;

import dev.lastword.http.Ndjson;
import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents {@code GET /searches}. */
@Operation(operationId = "listSearches", tags = "Searches")
@ApiResponse(
    responseCode = "200",
    description = "A page of searches, or all of them in CSV or NDJSON.",
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = SearchPage.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [
                    {"id": "7388898785280000001", "keyword": "New York", "session_id": "s-4711", "user_id": "ann",
                     "submitted": true, "keystrokes": 9, "typed_at": "2025-10-12T10:11:39.740Z",
                     "searched_at": "2025-10-12T10:11:12.130Z", "revision": 1, "amended_at": "2025-10-12T10:11:40.002Z"}],
                   "next_cursor": "MTc2MDI2Mzg3MjEzMC43Mzg4ODk4Nzg1MjgwMDAwMDAxLmQ0NmZjZDU1", "looked_back_to": "2025-10-12T10:11:12.130Z"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  id,keyword,session_id,user_id,submitted,keystrokes,typed_at,searched_at,revision,amended_at
                  7388898785280000001,New York,s-4711,ann,true,9,2025-10-12T10:11:39.740Z,2025-10-12T10:11:12.130Z,1,2025-10-12T10:11:40.002Z
                  """)),
      @Content(
          mediaType = Ndjson.TYPE,
          schema = @Schema(implementation = LoggedSearch.class),
          examples =
              @ExampleObject(
                  """
                  {"id": "7388898785280000001", "keyword": "New York", "session_id": "s-4711", "user_id": "ann",
                   "submitted": true, "keystrokes": 9, "typed_at": "2025-10-12T10:11:39.740Z",
                   "searched_at": "2025-10-12T10:11:12.130Z", "revision": 1, "amended_at": "2025-10-12T10:11:40.002Z"}
                  """))
    })
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface SearchQueryDocs {}
