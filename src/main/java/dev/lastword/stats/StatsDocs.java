package dev.lastword.stats;

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

/** Documents {@code GET /stats}. */
@Operation(operationId = "totals", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description = "The totals.",
    content =
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = StatsResponse.class),
            examples =
                @ExampleObject(
                    """
                    {"staged": 12, "oldest_staged_at": "2025-10-12T10:11:08.020Z",
                     "newest_staged_at": "2025-10-12T10:11:12.130Z", "promotion_lag_ms": 0, "promoter": "web-1/3f9a0c12",
                     "promoted": 48213, "keystrokes_logged": 391077,
                     "node": {"uptime_seconds": 86400, "keystrokes_received": 402118, "keystrokes_rejected": 3,
                              "keystrokes_lost": 0, "loss_rate": 0.0,
                              "searches_promoted": 24102,
                              "searches_dropped": {"composing": 4, "deleting": 12, "prefix": 310, "repeated": 0, "same": 45,
                                                   "straggler": 2, "typo": 21}},
                     "received": 20000, "accepted": 15000, "unique_processed": 15000, "duplicates": 4990,
                     "duplicate_dropped": 4990, "changed": 2, "rejected": 10, "topics": {"order": 9000, "login": 6000},
                     "by_topic": {"order": {"received": 12000, "accepted": 9000, "duplicates": 2990, "changed": 2,
                                            "rejected": 10},
                                  "login": {"received": 8000, "accepted": 6000, "duplicates": 2000, "changed": 0,
                                            "rejected": 0}},
                     "uptime": 86400}
                    """)))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface StatsDocs {}
