package dev.lastword.cli;

import dev.lastword.database.DatabaseFailure;
import io.micronaut.context.exceptions.ConfigurationException;
import java.io.IOException;
import java.net.BindException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Reports expected failures in one sentence, and defects with a stack trace. */
final class ErrorMessages implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    String sentence = sentence(failure);
    if (sentence == null) {
      LoggerFactory.getLogger(ErrorMessages.class).error("Unexpected error", failure);
    } else {
      command.getErr().println("lastword: " + sentence);
    }
    return isWrongSetting(failure)
        ? command.getCommandSpec().exitCodeOnInvalidInput()
        : command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static boolean isWrongSetting(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(ConfigurationException.class::isInstance);
  }

  private static @Nullable String sentence(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabaseFailure || cause instanceof ConfigurationException) {
        return cause.getMessage();
      }
      if (cause instanceof BindException) {
        return "Address in use, or not on this host (%s). Choose another one with --port or --host."
            .formatted(cause.getMessage());
      }
      if (cause instanceof IOException) {
        // Some, like a refused connection, have no message.
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      }
    }
    return null;
  }
}
