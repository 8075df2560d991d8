package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** {@code GET /stats}. */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats")
@ExecuteOn(TaskExecutors.BLOCKING)
class StatsController {

  private final Answers answers;
  private final SearchTotalsReader searches;
  private final EventTotalsReader events;

  StatsController(Answers answers, SearchTotalsReader searches, EventTotalsReader events) {
    this.answers = answers;
    this.searches = searches;
    this.events = events;
  }

  /**
   * Returns totals: sessions typing now, searches logged, events received.
   *
   * <p>Except in {@code node}, the numbers are those of all nodes.
   */
  @Get
  @StatsDocs
  HttpResponse<StatsResponse> totals(Caller caller) {
    return answers.fresh(
        () -> new StatsResponse(searches.read(caller), events.read(caller.tenantId())));
  }
}
