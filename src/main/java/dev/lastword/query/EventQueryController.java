package dev.lastword.query;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.daily.DailyCounts;
import dev.lastword.http.CallErrors;
import dev.lastword.http.DayRange;
import dev.lastword.http.Ndjson;
import dev.lastword.http.Parameters;
import dev.lastword.http.TimeRange;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code GET /events}, {@code /query} and {@code /events/count}. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class EventQueryController {

  private final EventLogReader reader;
  private final DailyCounts counts;
  private final LogResponses logResponses;
  private final FormatNegotiation formats;

  EventQueryController(
      EventLogReader reader,
      DailyCounts counts,
      LogResponses logResponses,
      FormatNegotiation formats) {
    this.reader = reader;
    this.counts = counts;
    this.logResponses = logResponses;
    this.formats = formats;
  }

  /**
   * Lists events, newest first or oldest first.
   *
   * <p>{@code Accept: text/csv} and {@code Accept: application/x-ndjson} stream all matching
   * events, see {@code GET /searches}. {@code /query} is an alias.
   *
   * <p>The first given of {@code session_id}, {@code user_id}, {@code source} and {@code topic} is
   * answered by an index; for other filters, events are scanned. A scan ends after 200,000 events
   * or a second: {@code looked_back_to} is the time that it reached, and {@code next_cursor}
   * continues from there.
   *
   * @param topic events of this topic
   * @param eventType alias of {@code topic}
   * @param source events of this source
   * @param service alias of {@code source}
   * @param level events of this level, ignoring case
   * @param userId events of this user
   * @param sessionId events of this session
   * @param q events with this text anywhere in message or payload, ignoring case; no wildcards
   * @param from events at or after this time, such as {@code 2026-01-31T09:30:00Z}, or day in UTC,
   *     such as {@code 2026-01-31}
   * @param to events before this time or day
   * @param start alias of {@code from}
   * @param end alias of {@code to}
   * @param limit maximum number of events: 100 by default, 1000 at most; unlimited in CSV and
   *     NDJSON
   * @param page number of the page of {@code limit} events, from 1
   * @param offset number of events to skip, 10000 at most; a cursor is faster, stable while events
   *     arrive, and unlimited
   * @param order {@code newest} first (the default), or {@code oldest}: the way of a user or
   *     session
   * @param cursor the {@code next_cursor} of the page before, with the same filters and order
   */
  @Get(uris = {"/events", "/query"})
  @EventQueryDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV, Ndjson.TYPE})
  HttpResponse<?> events(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String topic,
      @QueryValue("event_type") @Nullable String eventType,
      @QueryValue @Nullable String source,
      @QueryValue @Nullable String service,
      @QueryValue @Nullable String level,
      @QueryValue("user_id") @Nullable String userId,
      @QueryValue("session_id") @Nullable String sessionId,
      @QueryValue @Nullable String q,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue @Nullable String start,
      @QueryValue @Nullable String end,
      @QueryValue @Parameter(schema = @Schema(type = "integer", minimum = "1"))
          @Nullable Integer limit,
      @QueryValue @Parameter(schema = @Schema(type = "integer", minimum = "1"))
          @Nullable Integer page,
      @QueryValue
          @Parameter(
              schema =
                  @Schema(type = "integer", minimum = "0", maximum = "" + Parameters.MAX_OFFSET))
          @Nullable Integer offset,
      @QueryValue(defaultValue = "newest")
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"newest", "oldest"}))
          String order,
      @QueryValue @Nullable String cursor) {
    var filter =
        new EventFilter(
            caller.tenantId(),
            either("topic", topic, "event_type", eventType),
            either("source", source, "service", service),
            Parameters.text("level", level),
            Parameters.text("user_id", userId),
            Parameters.text("session_id", sessionId),
            Parameters.text("q", q),
            TimeRange.of(time("from", from, "start", start), time("to", to, "end", end)));
    Order rowOrder = Order.parse(order);
    Cursor after = cursor == null ? null : Cursor.decode(cursor, caller.tenantId());
    boolean byOffset = offset != null || page != null;
    LogFormat format = formats.streamed(request);
    Parameters.require(
        !byOffset || after == null && format == null && (offset == null || page == null),
        "offset, page and cursor exclude each other, and apply to JSON only.");
    if (format != null) {
      return logResponses.download(
          request,
          reader,
          filter,
          rowOrder,
          after,
          Parameters.downloadSize(limit),
          format,
          LoggedEvent.COLUMNS);
    }
    int size = Parameters.pageSize(limit);
    int skip =
        page != null
            ? Parameters.pageOffset(page, size)
            : offset == null ? 0 : Parameters.offset(offset);
    return logResponses.<LoggedEvent>page(
        request,
        rows -> reader.page(filter, rowOrder, after, skip, size, rows),
        (count, last) -> EventPage.around(caller.tenantId(), count, last, byOffset));
  }

  /**
   * Counts stored events.
   *
   * <p>The number is the sum of the daily counts, which are exact and remain when retention deletes
   * old events; until their own retention, if they have one.
   *
   * @param topic events of this topic
   * @param eventType alias of {@code topic}
   * @param from events of this day, such as {@code 2026-01-31}, and later
   * @param to events before this day
   */
  @Get("/events/count")
  @Operation(operationId = "countEvents", tags = "Events")
  @ApiResponse(
      responseCode = "200",
      description = "A number, and nothing else.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(type = "integer", format = "int64"),
              examples = @ExampleObject("48213")))
  long count(
      Caller caller,
      @QueryValue @Nullable String topic,
      @QueryValue("event_type") @Nullable String eventType,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to) {
    DayRange days = DayRange.parse(from, to);
    return counts.events(
        caller.tenantId(), either("topic", topic, "event_type", eventType), days.from(), days.to());
  }

  private static @Nullable String either(
      String name, @Nullable String given, String alias, @Nullable String otherwise) {
    requireOne(name, given, alias, otherwise);
    return given == null ? Parameters.text(alias, otherwise) : Parameters.text(name, given);
  }

  private static @Nullable Instant time(
      String name, @Nullable String given, String alias, @Nullable String otherwise) {
    requireOne(name, given, alias, otherwise);
    if (given != null) {
      return Parameters.time(name, given);
    }
    return otherwise == null ? null : Parameters.time(alias, otherwise);
  }

  private static void requireOne(
      String name, @Nullable String given, String alias, @Nullable String otherwise) {
    Parameters.require(
        given == null || otherwise == null,
        name + " and " + alias + " are aliases; use one of them.");
  }
}
