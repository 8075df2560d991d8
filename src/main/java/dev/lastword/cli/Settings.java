package dev.lastword.cli;

import static java.util.Map.entry;

import dev.lastword.database.DatabaseAddress;
import dev.lastword.database.SecretSetting;
import dev.lastword.http.AllowedOrigins;
import dev.lastword.limit.RateLimits;
import dev.lastword.redaction.PersonalData;
import dev.lastword.row.Text;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.core.naming.NameUtils;
import io.micronaut.core.value.PropertyResolver;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All settings and their allowed values. They are checked before anything starts, so that a wrong
 * one is reported in a sentence. Their defaults are in {@code application.yml}; beans rely on this
 * check.
 */
final class Settings {

  /**
   * The allowed values of a setting.
   *
   * @param allowed describes them, after "must be"
   */
  private record Rule(String allowed, Predicate<String> allows) {
    void check(String shown, String value) {
      if (!allows.test(value)) {
        throw new ConfigurationException(
            "%s is '%s', but must be %s.".formatted(shown, value, allowed));
      }
    }
  }

  private static final int MIN_SECRET = 32;
  private static final String PREFIX = "lastword.";
  private static final Rule ANY = new Rule("a text", text -> true);

  private static final Rule RATE =
      new Rule(
          "a number of requests per second, minute or hour, such as 100/s, 6000/m or 90000/h",
          RateLimits::isRate);

  private static final Rule NETWORKS =
      new Rule(
          "addresses and networks, such as 10.0.0.0/8, separated by commas; not all addresses (/0)",
          RateLimits::areNetworks);

  private static final Rule PATHS =
      new Rule(
          "paths of fields in payloads, such as user.email, separated by commas",
          list(path -> !path.startsWith(".") && !path.endsWith(".") && !path.contains("\"")));

  /** Sorted by name, so that of several wrong settings always the same one is reported. */
  private static final SortedMap<String, Rule> RULES =
      sorted(
          entry("host", new Rule("a name or an address of this machine", text -> !text.isBlank())),
          entry("port", number(0, 65_535)),
          entry("open", oneOf("true", "false")),
          entry(
              "cors-origins",
              new Rule(
                  "origins, such as https://www.example.com or https://*.example.com, separated by commas, or *",
                  Settings::areOrigins)),
          entry("db.url", ANY), // checked by DatabaseAddress, which does not report passwords
          entry("db.url-file", ANY),
          entry("db.user", ANY),
          entry("db.password", ANY),
          entry("db.password-file", ANY),
          entry("db.pool-size", number(1, 1_000)),
          entry("tls.certificate", ANY), // checked by serve, which alone needs them
          entry("tls.key", ANY),
          entry("token-secret", ANY),
          entry("token-secret-file", ANY),
          entry("redis-uri", ANY), // may hold a password
          entry("redis-uri-file", ANY),
          entry("rate-limit.key", RATE),
          entry("rate-limit.address", RATE),
          entry(
              "mask.keywords",
              new Rule(
                  "email, card or phone, several separated by commas, or empty",
                  list(kind -> PersonalData.of(kind).isPresent()))),
          entry(
              "mask.phone-regions",
              new Rule("codes of countries, such as DE,US", list(PersonalData::isRegion))),
          entry(
              "mask.pattern",
              new Rule(
                  "a regular expression that does not match the empty text",
                  Settings::isMaskPattern)),
          entry("redact.drop", PATHS),
          entry("redact.hash", PATHS),
          entry("redact.key", ANY),
          entry("redact.key-file", ANY),
          entry("ignore.user-agents", ANY),
          entry("ignore.addresses", NETWORKS),
          entry(
              "ignore.keys",
              new Rule(
                  "ids of API keys (see lastword keys list), separated by commas",
                  Pattern.compile("\\s*([0-9a-z]{12}\\s*(,\\s*[0-9a-z]{12}\\s*)*)?")
                      .asMatchPredicate())),
          entry("trusted-proxies", NETWORKS),
          entry("client-address-header", oneOf("X-Forwarded-For", "Forwarded")),
          entry("data", new Rule("a folder, such as ./data", text -> !text.isBlank())),
          entry("debounce", duration("1ms", "24h")),
          entry("rest", duration("0s", "24h")),
          entry("amend", duration("0s", "30m")),
          entry("lanes", number(1, 64)),
          entry("max-wait", duration("1ms", "1h")),
          entry("request-timeout", duration("1ms", "1h")),
          // 6m, meant as half a year, is six minutes and would empty the log.
          entry("retention", duration("1d", "36500d")),
          entry("count-retention", duration("1d", "36500d")),
          entry("dedup-window", duration("1h", "36500d")),
          entry("topics-per-day", number(1, 1_000_000)),
          entry("promotion.enabled", oneOf("true", "false")),
          // A batch must have left the outbox before its position is deleted.
          entry("stream.keep", duration("1m", "30d")),
          entry("stream.readers", number(0, 100_000)),
          // At least two pages: one is read while the other is filled.
          entry("stream.window", number(1_000, 1_000_000)),
          entry("stream.heartbeat", duration("100ms", "1h")),
          entry("log.format", new Rule("text or json", Set.of("text", "json")::contains)),
          entry("log.level", oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF")));

  /** Used only by the start script, the demo or the tests. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of("LASTWORD_JAVA_HOME", "LASTWORD_JAVA_OPTS", "LASTWORD_KEY", "LASTWORD_TEST_DB_URL");

  private Settings() {}

  /** Returns the names of all settings, without their common prefix. */
  static Set<String> names() {
    return RULES.keySet();
  }

  /** Returns the environment variable of a setting. */
  static String variable(String name) {
    return NameUtils.environmentName(PREFIX + name);
  }

  /**
   * Checks the settings of logging, before anything is logged.
   *
   * @throws ConfigurationException with a sentence for the operator
   */
  static void checkLog(Map<String, String> environment) {
    RULES.forEach(
        (name, rule) -> {
          String value = environment.get(variable(name));
          if (name.startsWith("log.") && value != null) {
            rule.check(variable(name), value);
          }
        });
  }

  /**
   * Checks all settings.
   *
   * @param options names of the settings that are given as options
   * @throws ConfigurationException with a sentence for the operator
   */
  static void check(PropertyResolver values, Set<String> options) {
    RULES.forEach(
        (name, rule) ->
            values
                .getProperty(PREFIX + name, String.class)
                .ifPresent(value -> rule.check(shown(name, options), value)));
    String rest = values.getRequiredProperty(PREFIX + "rest", String.class);
    String debounce = values.getRequiredProperty(PREFIX + "debounce", String.class);
    if (duration(rest).compareTo(duration(debounce)) > 0) {
      throw new ConfigurationException(
          "%s is '%s', but must be at most %s, which is '%s'."
              .formatted(variable("rest"), rest, variable("debounce"), debounce));
    }
    checkCountRetention(values);
    if (isGiven(values, "tls.certificate") != isGiven(values, "tls.key")) {
      throw new ConfigurationException(
          "%s and %s must be given together."
              .formatted(variable("tls.certificate"), variable("tls.key")));
    }
    DatabaseAddress.from(values);
    SecretSetting.read(values, PREFIX + "redis-uri")
        .filter(uri -> !RateLimits.isRedis(uri))
        .ifPresent(
            uri -> {
              // Without its value, which may hold a password.
              throw new ConfigurationException(
                  "%s must be the URI of a Redis, such as redis://:password@127.0.0.1:6379"
                      .formatted(variable("redis-uri")));
            });
    checkSecret(values, "token-secret");
    checkSecret(values, "redact.key");
    if (isGiven(values, "redact.hash")
        && SecretSetting.read(values, PREFIX + "redact.key").isEmpty()) {
      throw new ConfigurationException(
          "%s needs %s, at least %d characters; for example: openssl rand -base64 32"
              .formatted(variable("redact.hash"), variable("redact.key"), MIN_SECRET));
    }
  }

  /** The counts of rows that are still in the logs would be missing. */
  private static void checkCountRetention(PropertyResolver values) {
    String counts = values.getProperty(PREFIX + "count-retention", String.class).orElse(null);
    String logs = values.getProperty(PREFIX + "retention", String.class).orElse(null);
    if (counts != null && (logs == null || duration(counts).compareTo(duration(logs)) < 0)) {
      throw new ConfigurationException(
          "%s is '%s', but must be at least %s, which is %s."
              .formatted(
                  variable("count-retention"),
                  counts,
                  variable("retention"),
                  logs == null ? "not set" : "'" + logs + "'"));
    }
  }

  private static void checkSecret(PropertyResolver values, String name) {
    if (SecretSetting.read(values, PREFIX + name)
        .filter(secret -> secret.length() < MIN_SECRET)
        .isPresent()) {
      // Without its value.
      throw new ConfigurationException(
          "%s must have at least %d characters; for example: openssl rand -base64 32"
              .formatted(variable(name), MIN_SECRET));
    }
  }

  /** Returns the variables that look like settings but are unknown. */
  static List<String> unknown(Collection<String> variables) {
    Set<String> known = names().stream().map(Settings::variable).collect(Collectors.toSet());
    known.addAll(OTHER_VARIABLES);
    return variables.stream()
        .filter(variable -> variable.startsWith("LASTWORD_") && !known.contains(variable))
        .sorted()
        .toList();
  }

  private static Predicate<String> list(Predicate<String> allows) {
    return text -> Text.elements(text).allMatch(allows);
  }

  private static boolean isMaskPattern(String text) {
    try {
      return text.isBlank() || !Pattern.compile(text).matcher("").matches();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static boolean isGiven(PropertyResolver values, String name) {
    return SecretSetting.text(values, PREFIX + name).isPresent();
  }

  private static boolean areOrigins(String text) {
    try {
      AllowedOrigins.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String shown(String name, Set<String> options) {
    return options.contains(PREFIX + name) ? "--" + name.replace('.', '-') : variable(name);
  }

  @SafeVarargs
  private static SortedMap<String, Rule> sorted(Map.Entry<String, Rule>... rules) {
    return new TreeMap<>(Map.ofEntries(rules));
  }

  private static Rule oneOf(String... values) {
    return new Rule(
        String.join(" or ", values), text -> Stream.of(values).anyMatch(text::equalsIgnoreCase));
  }

  private static Rule number(int min, int max) {
    return new Rule(
        "an integer from %d to %d".formatted(min, max),
        text -> {
          try {
            int number = Integer.parseInt(text);
            return number >= min && number <= max;
          } catch (NumberFormatException e) {
            return false;
          }
        });
  }

  private static Rule duration(String min, String max) {
    return new Rule(
        "a duration from %s to %s; units are ms, s, m (minutes), h and d".formatted(min, max),
        text ->
            ConversionService.SHARED
                .convert(text, Duration.class)
                .filter(duration -> duration.compareTo(duration(min)) >= 0)
                .filter(duration -> duration.compareTo(duration(max)) <= 0)
                .isPresent());
  }

  private static Duration duration(String text) {
    return ConversionService.SHARED.convertRequired(text, Duration.class);
  }
}
