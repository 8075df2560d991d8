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
 * Leaves every {@code @Scheduled} method alone where {@code lastword.jobs.enabled} is false: a
 * command does its own work, and none of a node's.
 */
@Singleton
@Replaces(ScheduledMethodProcessor.class)
@Requires(property = "lastword.jobs.enabled", value = "false")
class NoScheduledJobs implements ExecutableMethodProcessor<Scheduled> {

  @Override
  public void process(BeanDefinition<?> bean, ExecutableMethod<?, ?> method) {}
}
