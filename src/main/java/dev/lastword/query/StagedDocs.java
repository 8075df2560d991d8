package dev.lastword.query;

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

/** What {@code GET /searches/staged} answers. */
@Operation(operationId = "listStagedSearches", tags = "Searches")
@ApiResponse(
    responseCode = "200",
    description = "The sessions that typed last, newest first.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = StagedSession.Page.class),
            examples =
                @ExampleObject(
                    """
                    {"items": [
                      {"session_id": "s-4711", "user_id": "ann", "keyword": "Bonn hot", "keystrokes": 17,
                       "rested": false, "submitted": false, "finished": ["Berlin"],
                       "typed_at": "2025-10-12T10:11:11.870Z", "last_seen": "2025-10-12T10:11:12.130Z",
                       "age_ms": 240}]}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface StagedDocs {}
