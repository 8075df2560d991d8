package dev.lastword.stream;

import dev.lastword.http.Problem;
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

/** Documents a stream. */
@Operation(tags = "Streams")
@ApiResponse(
    responseCode = "200",
    description =
        "An endless stream, at most two seconds behind. All nodes send the same order, each row once; a search that was amended, again under its id."
            + " `data` is a row as in GET. A heartbeat comes every 15 s. A client that falls too far behind"
            + " gets `event: dropped` with a reason, and the stream ends; it may reconnect with the last id.",
    content =
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM,
            schema = @Schema(type = "string"),
            examples =
                @ExampleObject(
                    """
                    retry: 1000
                    : streaming
                    id: 4710

                    id: 4711
                    data: {"id":"7388898785280000001","keyword":"New York","session_id":"s-4711","user_id":"ann",...}

                    : heartbeat
                    id: 4711

                    event: dropped
                    id: 4711
                    data: {"reason":"Client too slow. Reconnect with the last id you received."}
                    """)))
@ApiResponse(
    responseCode = "410",
    description = "The rows after `Last-Event-ID` are no longer kept.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON_PROBLEM,
            schema = @Schema(implementation = Problem.class),
            examples =
                @ExampleObject(
                    """
                    {"title": "Gone", "status": 410,
                     "detail": "The rows after 17 are no longer kept; the oldest id to resume from is 4096. Start without an id, and read the missed rows with GET."}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface StreamDocs {}
