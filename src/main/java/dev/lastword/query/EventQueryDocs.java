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

/** Documents {@code GET /events}. */
@Operation(operationId = "listEvents", tags = "Events")
@ApiResponse(
    responseCode = "200",
    description =
        "A page of events, or all of them in CSV or NDJSON. With `offset`, the field is `events` instead of `items`.",
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = EventPage.class),
          examples =
              @ExampleObject(
                  """
                  {"status": "success", "count": 1, "items": [
                  {"id": "7388898785280000001", "event_id": "o-4711", "topic": "order", "event_type": "order",
                    "occurred_at": "2025-10-12T10:11:12.130Z", "timestamp": "2025-10-12T10:11:12.130Z",
                    "received_at": "2025-10-12T10:11:12.190Z", "source": "shop", "service": "shop", "user_id": "ann",
                    "session_id": null, "level": null, "value": 12.5, "message": null, "payload": {"items": 3}}],
                   "next_cursor": "MTc2MDI2Mzg3MjEzMC43Mzg4ODk4Nzg1MjgwMDAwMDAxLmQ0NmZjZDU1", "looked_back_to": "2025-10-12T10:11:12.130Z"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  id,event_id,topic,occurred_at,received_at,source,user_id,session_id,level,value,message,payload
                  7388898785280000001,o-4711,order,2025-10-12T10:11:12.130Z,2025-10-12T10:11:12.190Z,shop,ann,,,12.5,,"{""items"": 3}"
                  """)),
      @Content(
          mediaType = Ndjson.TYPE,
          schema = @Schema(implementation = LoggedEvent.class),
          examples =
              @ExampleObject(
                  """
                  {"id": "7388898785280000001", "event_id": "o-4711", "topic": "order", "event_type": "order",
                    "occurred_at": "2025-10-12T10:11:12.130Z", "timestamp": "2025-10-12T10:11:12.130Z",
                    "received_at": "2025-10-12T10:11:12.190Z", "source": "shop", "service": "shop", "user_id": "ann",
                    "session_id": null, "level": null, "value": 12.5, "message": null, "payload": {"items": 3}}
                  """))
    })
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface EventQueryDocs {}
