package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.inject.ExecutableMethod;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.scheduling.executor.UserExecutorConfiguration;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A job that waits for the database or a lock does not delay others. */
@MicronautTest(transactional = false)
class JobThreadsTest {

  @Inject ApplicationContext node;

  @Test
  void eachJobHasAThreadOfItsOwn() {
    Set<String> jobs =
        node.getAllBeanDefinitions().stream()
            .flatMap(bean -> bean.getExecutableMethods().stream())
            .filter(method -> method.hasAnnotation(Scheduled.class))
            .map(ExecutableMethod::getTargetMethod)
            .map(method -> method.getDeclaringClass().getSimpleName() + "." + method.getName())
            .collect(Collectors.toSet());
    var threads =
        node.getBean(UserExecutorConfiguration.class, Qualifiers.byName(TaskExecutors.SCHEDULED));
    assertThat(jobs).contains("PromotionJob.run", "PartitionMaintenance.run", "Sequencer.run");
    assertThat(threads.getCorePoolSize()).isGreaterThanOrEqualTo(jobs.size());
  }
}
