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

/** What {@code GET /events/count} answers. */
@Operation(operationId = "countEvents", tags = "Events")
@ApiResponse(
    responseCode = "200",
    description = "A number, and nothing else.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(type = "integer", format = "int64"),
            examples = @ExampleObject("48213")))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface EventCountDocs {}
