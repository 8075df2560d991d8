package dev.lastword.ops;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.processor.ExecutableMethodProcessor;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.ExecutableMethod;
import io.micronaut.scheduling.annotation.Scheduled;
import io.micronaut.scheduling.processor.ScheduledMethodProcessor;
import jakarta.inject.Singleton;

/**
 * Disables all {@code @Scheduled} methods if {@code lastword.jobs.enabled} is false, because
 * commands do not run the jobs of a node.
 */
@Singleton
@Replaces(ScheduledMethodProcessor.class)
@Requires(property = "lastword.jobs.enabled", value = "false")
class NoScheduledJobs implements ExecutableMethodProcessor<Scheduled> {

  @Override
  public void process(BeanDefinition<?> bean, ExecutableMethod<?, ?> method) {}
}
