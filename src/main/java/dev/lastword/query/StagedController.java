package dev.lastword.query;

import dev.lastword.access.Tenant;
import dev.lastword.http.ReadErrors;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;

/** What is being typed now. */
@ReadErrors
@Controller("/searches/staged")
@ExecuteOn(TaskExecutors.BLOCKING)
class StagedController {

  private final StagedReader reader;

  StagedController(StagedReader reader) {
    this.reader = reader;
  }

  /**
   * What is being typed now, newest first.
   *
   * @param limit how many sessions at most
   */
  @Get
  @StagedDocs
  StagedSession.Page staged(
      @QueryValue(defaultValue = "" + Limits.DEFAULT)
          @Parameter(schema = @Schema(minimum = "1", maximum = "" + Limits.MAX))
          int limit) {
    return new StagedSession.Page(
        reader.newest(Tenant.DEFAULT_ID, Limits.check(limit, Limits.MAX)));
  }
}
