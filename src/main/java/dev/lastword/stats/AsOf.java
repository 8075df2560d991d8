package dev.lastword.stats;

import dev.lastword.rollup.CountFreshness;
import dev.lastword.rollup.CountFreshness.Freshness;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.HttpStatusException;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/**
 * Makes answers from counts include everything that was committed before their request.
 *
 * <p>Header {@value #HEADER} is a time: everything that was committed before it is included. It is
 * the time of the request, unless counting took longer than a second.
 */
@Singleton
class AsOf {
  static final String HEADER = "Lastword-As-Of";

  private final CountFreshness counts;

  AsOf(CountFreshness counts) {
    this.counts = counts;
  }

  /** Brings the counts up to date, then reads the answer. */
  <T> MutableHttpResponse<T> answer(Supplier<T> reader) {
    Freshness freshness = counts.await();
    if (freshness.daysToRecount() > 0) {
      throw new HttpStatusException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "Counts are not complete after an upgrade; days left to count: %d. Retry later."
              .formatted(freshness.daysToRecount()));
    }
    return HttpResponse.ok(reader.get()).header(HEADER, freshness.asOf().toString());
  }
}
