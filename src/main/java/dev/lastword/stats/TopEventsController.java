package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /stats/top-events}: which events are most frequent? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/top-events")
@ExecuteOn(TaskExecutors.BLOCKING)
class TopEventsController {
  private static final int MAX_LIMIT = 100;

  /**
   * The events of a topic.
   *
   * @param eventType the topic
   * @param count number of events
   */
  @Schema(name = "TopEvent")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Topic(String eventType, long count) {}

  private final Answers answers;
  private final TopEventsReader reader;
  private final Clock clock;

  TopEventsController(Answers answers, TopEventsReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Lists the most frequent topics of events. Topics with the same number are in the order of their
   * names.
   *
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param limit maximum number of topics: 10 by default, 100 at most
   * @param offset number of topics to skip, 10000 at most
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. For other zones, what is outside of whole days of UTC is read from the log, at
   *     most 200,000 events
   */
  @Get
  @TopEventsDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> topEvents(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue(defaultValue = "10")
          @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100"))
          int limit,
      @QueryValue(defaultValue = "0")
          @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "10000"))
          int offset,
      @QueryValue @Nullable String tz) {
    Days days = Days.parse(from, to, tz, clock);
    Page page = Page.parse(offset, limit, MAX_LIMIT);
    return answers.of(
        request,
        caller,
        days,
        days.source(),
        () -> {
          List<Topic> topics = reader.read(caller.tenantId(), days, page);
          return new Answer(
              topics,
              List.of("event_type", "count"),
              topics.stream().map(topic -> List.of(topic.eventType(), topic.count())).toList());
        });
  }
}
