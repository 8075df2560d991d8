package dev.lastword.stats;

import dev.lastword.access.Caller;
import dev.lastword.access.RequiresScope;
import dev.lastword.access.Scope;
import dev.lastword.http.CallErrors;
import dev.lastword.http.Parameters;
import dev.lastword.rollup.Activity;
import dev.lastword.rollup.Activity.Kind;
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

/** {@code GET /stats/users}: who are the users behind a number? */
@CallErrors
@RequiresScope(Scope.READ)
@Controller("/stats/users")
@ExecuteOn(TaskExecutors.BLOCKING)
class UsersController {

  /**
   * The users, in the order in which they were first counted, or of their ids if a keyword is
   * given.
   *
   * @param users number of all of them
   * @param source {@code counts}, or {@code log} for a keyword or days of another time zone
   */
  @Serdeable.Serializable
  record Users(List<User> items, long users, String source) {}

  /**
   * A user.
   *
   * @param userId the id that searches or events of these days have
   */
  @Schema(name = "ActiveUser")
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record User(String userId) {}

  private final Answers answers;
  private final UsersReader reader;
  private final Clock clock;

  UsersController(Answers answers, UsersReader reader, Clock clock) {
    this.answers = answers;
    this.reader = reader;
    this.clock = clock;
  }

  /**
   * Lists the users who were active on at least one of some days, all or those of a cohort.
   *
   * @param from the first day; 29 days before {@code to} by default
   * @param to the last day; today by default
   * @param kind only {@code searches} or only {@code events}
   * @param topic only events of this topic
   * @param keyword only searches for exactly this text, ignoring case; without a cohort. Read from
   *     the log, at most 200,000 searches
   * @param cohortFrom only users whose first such activity ever was on this day or later; needs
   *     {@code cohort_to}
   * @param cohortTo and on this day or earlier
   * @param limit maximum number of users: 100 by default, 1000 at most
   * @param offset number of users to skip, 10000 at most
   * @param tz the time zone of the days, such as {@code Europe/Berlin} or {@code +02:00}; UTC by
   *     default. Other zones are read from the log, at most 200,000 rows
   */
  @Get
  @UsersDocs
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_CSV})
  HttpResponse<byte[]> users(
      HttpRequest<?> request,
      Caller caller,
      @QueryValue @Nullable String from,
      @QueryValue @Nullable String to,
      @QueryValue
          @Parameter(
              schema =
                  @Schema(
                      type = "string",
                      allowableValues = {"searches", "events"}))
          @Nullable String kind,
      @QueryValue @Nullable String topic,
      @QueryValue @Nullable String keyword,
      @QueryValue("cohort_from") @Nullable String cohortFrom,
      @QueryValue("cohort_to") @Nullable String cohortTo,
      @QueryValue(defaultValue = "" + Parameters.DEFAULT_LIMIT)
          @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "1000"))
          int limit,
      @QueryValue(defaultValue = "0")
          @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "10000"))
          int offset,
      @QueryValue @Nullable String tz) {
    Activity activity = ActivityParameters.parse(caller, kind, topic);
    Days days = Days.parse(from, to, tz, clock);
    Days cohort = cohort(cohortFrom, cohortTo, days);
    Page page = Page.parse(offset, limit, Parameters.MAX_LIMIT);
    if (keyword != null) {
      Parameters.require(
          activity.kind() == Kind.ANY || activity.kind() == Kind.SEARCHES,
          "keyword applies to searches only.");
      Parameters.require(cohort == null, "keyword cannot be combined with a cohort.");
      String text = Parameters.keyword(keyword);
      return answers.of(
          request,
          caller,
          days,
          Answers.LOG,
          () -> answer(reader.searchedFor(caller.tenantId(), text, days, page)));
    }
    return answers.of(
        request,
        caller,
        cohort == null ? days : days.span(cohort),
        days.source(),
        () -> answer(reader.read(activity, days, cohort, page)));
  }

  private static @Nullable Days cohort(
      @Nullable String cohortFrom, @Nullable String cohortTo, Days days) {
    if (cohortFrom == null || cohortTo == null) {
      Parameters.require(
          cohortFrom == null && cohortTo == null, "cohort_from and cohort_to need each other.");
      return null;
    }
    Days cohort =
        new Days(Days.day("cohort_from", cohortFrom), Days.day("cohort_to", cohortTo), days.zone());
    Parameters.require(
        !cohort.first().isAfter(cohort.last()), "cohort_from must not be later than cohort_to.");
    days.span(cohort).requireAtMost(Days.MAX);
    return cohort;
  }

  private static Answer answer(Users users) {
    return new Answer(
        users,
        List.of("user_id"),
        users.items().stream().map(user -> List.of(user.userId())).toList());
  }
}
