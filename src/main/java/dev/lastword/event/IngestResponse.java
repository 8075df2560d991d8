package dev.lastword.event;

import dev.lastword.http.Problem.Rejection;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;

/**
 * The outcome of the events of a request, with the field names of several systems.
 *
 * @param status {@code success} from {@code /publish}, {@code accepted} elsewhere
 * @param accepted number of events that are new and committed
 * @param duplicates number of events that were stored before, or are in the request twice
 * @param rejected the others, by their position in the request
 * @param failed number of rejected events
 * @param count sum of accepted and duplicates: the events that need not be sent again
 * @param message a summary
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record IngestResponse(
    String status,
    int accepted,
    int duplicates,
    List<Rejection> rejected,
    int failed,
    int count,
    String message,
    Details details) {

  /** The numbers again, where clients of a pub-sub aggregator expect them. */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Details(int accepted, int rejected, int duplicatesImmediate) {}

  static IngestResponse of(IngestEndpoint endpoint, IngestResult result) {
    int duplicates = result.duplicates().size();
    int failed = result.rejected().size();
    return new IngestResponse(
        endpoint.status,
        result.accepted(),
        duplicates,
        result.rejected(),
        failed,
        result.accepted() + duplicates,
        message(result.accepted(), duplicates, failed),
        new Details(result.accepted(), failed, duplicates));
  }

  static String message(int accepted, int duplicates, int failed) {
    return "%d accepted, %d duplicates, %d rejected".formatted(accepted, duplicates, failed);
  }
}
