package dev.lastword.ops;

import dev.lastword.database.DatabaseError;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.scheduling.DefaultTaskExceptionHandler;
import io.micronaut.scheduling.TaskExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs jobs that fail, unless the service is stopping. The framework creates their beans on other
 * threads, so a service that is stopped in its first second, for example because its port is in
 * use, would log stack traces about beans that no longer exist.
 */
@Singleton
@Replaces(DefaultTaskExceptionHandler.class)
class JobExceptionHandler
    implements TaskExceptionHandler<Object, Throwable>, ApplicationEventListener<ShutdownEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(JobExceptionHandler.class);

  private volatile boolean stopping;

  @Override
  public void onApplicationEvent(ShutdownEvent event) {
    stopping = true;
  }

  @Override
  public void handle(Object job, Throwable error) {
    log("Job " + job.getClass().getSimpleName() + " failed", error);
  }

  @Override
  public void handleCreationFailure(BeanDefinition<Object> job, Throwable error) {
    log("Job " + job.getBeanType().getSimpleName() + " cannot be created", error);
  }

  private void log(String message, Throwable error) {
    if (stopping) {
      LOG.debug("{} while stopping: {}", message, error.toString());
    } else if (DatabaseError.of(error) != DatabaseError.OTHER) {
      // As while the database is read-only. The trace would say nothing else.
      LOG.warn("{}, will run again: {}", message, error.toString());
    } else {
      LOG.error(message, error);
    }
  }
}
