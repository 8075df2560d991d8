package dev.lastword.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.event.ShutdownEvent;
import io.micronaut.scheduling.TaskExceptionHandler;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@MicronautTest(transactional = false, startApplication = false)
class JobExceptionHandlerTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(JobExceptionHandler.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @Inject ApplicationContext context;

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  /** Another handler would be used if the framework did not find this one. */
  @Test
  void itIsTheFrameworksOnlyOne() {
    assertThat(context.getBeansOfType(TaskExceptionHandler.class))
        .singleElement()
        .isInstanceOf(JobExceptionHandler.class);
  }

  @Test
  void aReadOnlyDatabaseIsOneLine() {
    var readOnly = new SQLException("The MySQL server is running with --read-only", "HY000", 1290);
    new JobExceptionHandler()
        .handle(this, new IllegalStateException("Cannot update the lock", readOnly));
    assertThat(log.list)
        .singleElement()
        .satisfies(line -> assertThat(line.getThrowableProxy()).isNull())
        .satisfies(line -> assertThat(line.getFormattedMessage()).contains("will run again"));
  }

  @Test
  void aJobThatFailsIsLoggedUntilTheServiceStops() {
    var handler = new JobExceptionHandler();
    var failure = new IllegalStateException("broken");
    handler.handle(this, failure);
    assertThat(log.list).hasSize(1);
    handler.onApplicationEvent(new ShutdownEvent(context));
    handler.handle(this, failure);
    assertThat(log.list).hasSize(1);
  }
}
