package dev.lastword.http;

import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents the errors that any reading call may answer. */
@ApiResponse(
    responseCode = "400",
    description = "A parameter is unknown, given twice, or cannot be what it is.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Bad Request", "status": 400, "detail": "limit must be from 1 to 1000."}
                    """)))
@ApiResponse(
    responseCode = "503",
    description = "The database is away. Try again after the seconds in `Retry-After`.",
    headers = @Header(name = "Retry-After", schema = @Schema(type = "integer")),
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Service Unavailable", "status": 503,
                     "detail": "The database cannot be reached at the moment, or is too busy. Try again.",
                     "instance": "urn:uuid:51f1cc8e-7e8a-4394-8f8a-53558a1d2ab9"}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface ReadErrors {}
