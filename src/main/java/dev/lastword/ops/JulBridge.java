package dev.lastword.ops;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Redirects {@code java.util.logging}, which some libraries use (OpenTelemetry, OkHttp), to
 * Logback. Declared in logback.xml, so that it works from the first line on.
 */
public final class JulBridge implements LoggerContextListener {

  /** Replaces the handlers of {@code java.util.logging}, which write to stderr. */
  public JulBridge() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onStart(LoggerContext context) {}

  @Override
  public void onReset(LoggerContext context) {}

  @Override
  public void onStop(LoggerContext context) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}
}
