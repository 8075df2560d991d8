package dev.lastword.commit;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Health of the lanes: down if one has ended, or has written nothing for longer than a request
 * waits.
 */
@Singleton
class LaneHealth implements HealthIndicator {
  private final List<GroupCommit<?>> groups;

  LaneHealth(List<GroupCommit<?>> groups) {
    this.groups = groups;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    List<String> problems =
        groups.stream().map(GroupCommit::problem).filter(Objects::nonNull).toList();
    return Mono.just(
        problems.isEmpty()
            ? HealthResult.builder("lanes", HealthStatus.UP).build()
            : HealthResult.builder("lanes", HealthStatus.DOWN)
                .details(Map.of("problems", problems))
                .build());
  }
}
