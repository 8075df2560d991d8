package dev.lastword.event;

import dev.lastword.http.Problem.Rejection;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;

/**
 * What became of the events of a request, in the words of several systems.
 *
 * @param status {@code success} from {@code /publish}, {@code accepted} elsewhere
 * @param accepted how many are new, and committed
 * @param duplicates how many had been stored before, or came twice in the request
 * @param rejected the others, by their place in the request
 * @param failed how many these are
 * @param count accepted and duplicates together: what the sender need not send again
 * @param message the same in words
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

  /** The numbers once more, where clients of a pub-sub aggregator look for them. */
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
