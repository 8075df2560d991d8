package dev.lastword.ops;

/**
 * The result of one check.
 *
 * @param seen what was found
 * @param advice what to do; empty if there is nothing to do
 */
public record Finding(Level level, String subject, String seen, String advice) {

  /** How serious a finding is: with a failure, Lastword does not work as promised. */
  public enum Level {
    OK,
    WARN,
    FAIL
  }

  static Finding ok(String subject, String seen) {
    return new Finding(Level.OK, subject, seen, "");
  }

  static Finding warn(String subject, String seen, String advice) {
    return new Finding(Level.WARN, subject, seen, advice);
  }

  static Finding fail(String subject, String seen, String advice) {
    return new Finding(Level.FAIL, subject, seen, advice);
  }
}
