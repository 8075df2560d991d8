package dev.lastword.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastword.LastwordProcess;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.io.ResourceLoader;
import io.micronaut.core.io.scan.DefaultClassPathResourceLoader;
import io.micronaut.core.value.MapPropertyResolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("once")
class SettingsTest {

  /** Unset by default. */
  private static final Set<String> WITHOUT_DEFAULT =
      Set.of(
          "db.url",
          "db.url-file",
          "db.user",
          "db.password",
          "db.password-file",
          "retention",
          "count-retention",
          "token-secret",
          "token-secret-file",
          "redis-uri",
          "redis-uri-file",
          "rate-limit.key",
          "rate-limit.address",
          "cors-origins",
          "tls.certificate",
          "tls.key",
          "ignore.user-agents",
          "ignore.addresses",
          "ignore.keys",
          "redact.key",
          "redact.key-file");

  /** Values of a setting, separated by blanks, and the description of allowed values. */
  private record Values(String name, String allowed, String wrong, String rule) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Values> values() {
    return List.of(
        new Values("host", "127.0.0.1 localhost", "<blank>", "a name or an address"),
        new Values("port", "0 65535", "-1 65536 http 1.5 <blank>", "from 0 to 65535"),
        new Values("open", "true false TRUE", "maybe 1 <blank>", "true or false"),
        new Values(
            "cors-origins",
            "https://a.example http://localhost:3000,https://*.a.example:8443 * <blank> http://[::1]:80",
            "a.example https://a.example/ https://*.*.example https://* ftp://a null",
            "origins, such as https://www.example.com"),
        new Values("db.pool-size", "1 1000", "0 1001 many", "from 1 to 1000"),
        new Values("data", "./data /tmp", "<blank>", "a folder, such as ./data"),
        new Values("debounce", "1s 24h", "abc 0s -1s 86401s 5 <blank>", "from 1ms to 24h"),
        new Values("rest", "0s 5s PT5S", "abc -1s <blank>", "from 0s to 24h"),
        new Values("amend", "0s 30m", "abc -1s 1801s <blank>", "from 0s to 30m"),
        new Values("lanes", "1 64", "0 65 two 2.5", "from 1 to 64"),
        new Values("max-wait", "1ms 1h", "0s -5s 61m soon", "from 1ms to 1h"),
        new Values("request-timeout", "1ms 1h", "0s -5s 61m soon", "from 1ms to 1h"),
        new Values("redis-uri", "redis://127.0.0.1:6379 rediss://:geheim@h/2 <blank>", "", ""),
        new Values("redis-uri-file", "<blank>", "", ""),
        new Values(
            "rate-limit.key",
            "1/s 999999999/m 90000/h",
            "0/s 1000000000/s 5 5/d s <blank>",
            "a number of requests per second, minute or hour"),
        new Values(
            "rate-limit.address",
            "1/s 999999999/m 90000/h",
            "0/s 1000000000/s 5 5/d s <blank>",
            "a number of requests per second, minute or hour"),
        new Values(
            "trusted-proxies",
            "<blank> 127.0.0.1 10.0.0.0/8,::1",
            "10.0.0.0/33 host 0.0.0.0/0 ::/0",
            "addresses and networks, such as 10.0.0.0/8"),
        new Values(
            "client-address-header",
            "X-Forwarded-For Forwarded",
            "X-Real-IP <blank>",
            "X-Forwarded-For or Forwarded"),
        new Values(
            "mask.keywords", "<blank> email phone,card", "name email,x", "email, card or phone"),
        new Values("mask.phone-regions", "<blank> DE US,GB", "de XX", "codes of countries"),
        new Values("mask.pattern", "<blank> \\d{4}", "( .*", "a regular expression"),
        new Values("redact.drop", "<blank> email user.email,ip", ".a a. a,b.", "paths of fields"),
        new Values("redact.hash", "<blank>", ".a a.", "paths of fields"),
        new Values("redact.key", "12345678901234567890123456789012 <blank>", "", ""),
        new Values("redact.key-file", "<blank>", "", ""),
        new Values("ignore.user-agents", "bot,Headless <blank>", "", ""),
        new Values(
            "ignore.addresses",
            "<blank> 10.0.0.0/8,::1",
            "10.0.0.0/33 host 0.0.0.0/0",
            "addresses and networks, such as 10.0.0.0/8"),
        new Values(
            "ignore.keys",
            "<blank> 4k2m9x7qpz3d 4k2m9x7qpz3d,4k2m9x7qpz3e",
            "lw_4k2m9x7qpz3d 4k2m9x7qpz3 , 4k2m9x7qpz3d,",
            "ids of API keys"),
        new Values("tls.certificate", "<blank>", "", ""),
        new Values("tls.key", "<blank>", "", ""),
        new Values("token-secret", "12345678901234567890123456789012 <blank>", "", ""),
        new Values("token-secret-file", "<blank>", "", ""),
        new Values("retention", "1d 36500d P90D", "6m 23h 36501d -1d", "from 1d to 36500d"),
        new Values("count-retention", "1d 36500d", "23h 36501d", "from 1d to 36500d"),
        new Values("dedup-window", "1h 36500d", "59m 36501d", "from 1h to 36500d"),
        new Values("topics-per-day", "1 1000000", "0 1000001", "from 1 to 1000000"),
        new Values("promotion.enabled", "true false", "yes off", "true or false"),
        new Values("stream.keep", "1m 30d", "59s 31d", "from 1m to 30d"),
        new Values("stream.readers", "0 100000", "-1 100001", "from 0 to 100000"),
        new Values("stream.window", "1000 1000000", "999 1000001", "from 1000 to 1000000"),
        new Values("stream.heartbeat", "100ms 1h", "99ms 0s 61m", "from 100ms to 1h"),
        new Values("log.format", "text json", "xml JSON <blank>", "text or json"),
        new Values("log.level", "INFO debug OFF", "LOUD <blank>", "DEBUG or INFO or WARN"),
        new Values("db.password-file", "<blank>", "", ""),
        new Values("db.user", "ann <blank>", "", ""),
        new Values("db.password", "geheim <blank>", "", ""),
        new Values("db.url-file", "<blank>", "/no/such/file", "a file that can be read"),
        new Values(
            "db.url",
            "mysql://h/d mariadb://h:1/d jdbc:mysql://h:65535/d <blank>",
            "postgres://h/d mysql://h mysql://h/ mysql://h:0/d mysql://h:65536/d"
                + " mysql://h:x/d mysql:foo://h/d mysql://h/d?sslMode=MAYBE"
                + " mysql://h/d?socketTimeout=soon mysql://h/d?a=%zz mysql://%/d mysql://[::1/d mysql://h:1:2/d mysql://a%20b/d",
            "LASTWORD_DB_URL (--db-url) must be mysql://user:password@host:3306/database"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void everySettingTakesWhatIsAllowedAndSaysSoOfWhatIsNot(Values values) {
    for (String allowed : values.allowed.split(" ")) {
      assertThatCode(() -> check(values.name, text(allowed)))
          .as(allowed)
          .doesNotThrowAnyException();
    }
    for (String wrong : values.wrong.isEmpty() ? new String[0] : values.wrong.split(" ")) {
      assertThatThrownBy(() -> check(values.name, text(wrong)))
          .as(wrong)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith(Settings.variable(values.name))
          .hasMessageContaining("must be ")
          .hasMessageContaining(values.rule)
          .hasMessageEndingWith(".");
    }
  }

  @Test
  void noSettingIsLeftOut() {
    assertThat(values())
        .extracting(Values::name)
        .containsExactlyInAnyOrderElementsOf(Settings.names());
  }

  @Test
  void aWrongValueIsShownUnlessItMayHoldAPassword() {
    assertThatThrownBy(() -> check("lanes", "65"))
        .hasMessage("LASTWORD_LANES is '65', but must be an integer from 1 to 64.");
    assertThatThrownBy(() -> check("db.url", "mysql://ann:geheim@h"))
        .hasMessage(
            "LASTWORD_DB_URL (--db-url) must be mysql://user:password@host:3306/database,"
                + " but it names no database.");
  }

  @Test
  void theUriOfRedisIsNotShown() {
    for (String wrong : List.of("geheim", "http://:geheim@h", "redis://")) {
      assertThatThrownBy(() -> check("redis-uri", wrong))
          .hasMessage(
              "LASTWORD_REDIS_URI must be the URI of a Redis, such as redis://:password@127.0.0.1:6379");
    }
  }

  @Test
  void aSecretThatIsTooShortIsNotShown() {
    String tooShort = "geheim-geheim-geheim-geheim-geh";
    assertThat(tooShort).hasSize(31);
    for (String name : List.of("token-secret", "redact.key")) {
      assertThatThrownBy(() -> check(name, tooShort))
          .hasMessage(
              Settings.variable(name)
                  + " must have at least 32 characters; for example: openssl rand -base64 32");
    }
  }

  @Test
  void aHashNeedsItsKey() {
    assertThatThrownBy(() -> check("redact.hash", "ip"))
        .hasMessageStartingWith("LASTWORD_REDACT_HASH needs LASTWORD_REDACT_KEY");
  }

  @Test
  void aCertificateNeedsItsKey() {
    for (String name : List.of("tls.certificate", "tls.key")) {
      assertThatThrownBy(() -> check(name, "a.pem"))
          .hasMessage("LASTWORD_TLS_CERTIFICATE and LASTWORD_TLS_KEY must be given together.");
    }
  }

  @Test
  void anOptionIsNamedAsSuch() {
    assertThatThrownBy(() -> new CommandContext(Map.of("lastword.port", "65536")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("--port is '65536', but must be an integer from 0 to 65535.");
  }

  @Test
  void aRestIsNoLongerThanTheDebounce() {
    assertThatCode(() -> check("debounce", "1s")).doesNotThrowAnyException();
    assertThatThrownBy(() -> check("debounce", "999ms"))
        .hasMessage(
            "LASTWORD_REST is '1s', but must be at most LASTWORD_DEBOUNCE, which is '999ms'.");
  }

  @Test
  void countsAreKeptAtLeastAsLongAsTheLogs() throws IOException {
    Map<String, Object> values = new HashMap<>(defaults());
    values.put("lastword.count-retention", "60d");
    assertThatThrownBy(() -> Settings.check(new MapPropertyResolver(values), Set.of()))
        .hasMessage(
            "LASTWORD_COUNT_RETENTION is '60d', but must be at least LASTWORD_RETENTION, which is not set.");
    values.put("lastword.retention", "61d");
    assertThatThrownBy(() -> Settings.check(new MapPropertyResolver(values), Set.of()))
        .hasMessageContaining("must be at least LASTWORD_RETENTION, which is '61d'.");
    values.put("lastword.retention", "60d");
    Settings.check(new MapPropertyResolver(values), Set.of());
  }

  @Test
  void theDefaultsAreOfTheseSettingsAndAllAreDocumented() throws IOException {
    Set<String> expected = new TreeSet<>(Settings.names());
    expected.removeAll(WITHOUT_DEFAULT);
    expected.removeIf(name -> name.startsWith("log."));
    assertThat(new TreeSet<>(defaults().keySet()))
        .isEqualTo(expected.stream().map(name -> "lastword." + name).collect(Collectors.toSet()));
    String example = Files.readString(Path.of(".env.example"));
    Set<String> documented =
        Pattern.compile("^# (LASTWORD_\\w+)=", Pattern.MULTILINE)
            .matcher(example)
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).containsAll(Settings.names().stream().map(Settings::variable).toList());
    assertThat(Settings.unknown(documented)).isEmpty();
    defaults()
        .forEach(
            (name, value) ->
                assertThat(example)
                    .contains(
                        "# %s=%s\n"
                            .formatted(
                                Settings.variable(name.substring("lastword.".length())), value)));
  }

  @Test
  void aVariableThatIsNoSettingIsNoticed() {
    assertThat(
            Settings.unknown(
                Set.of("LASTWORD_DEBOUNC", "LASTWORD_DEBOUNCE", "LASTWORD_JAVA_OPTS", "PATH")))
        .containsExactly("LASTWORD_DEBOUNC");
  }

  @ParameterizedTest
  @CsvSource({
    "LASTWORD_LOG_LEVEL, LOUD",
    "LASTWORD_LOG_FORMAT, xml",
    "LASTWORD_OPEN, maybe",
    "LASTWORD_DATA, ''",
    "LASTWORD_DB_URL, mysql://127.0.0.1:99999/lastword"
  })
  void aWrongVariableIsOneSentenceAndExitCode2(String variable, String value) throws Exception {
    ProcessBuilder command = LastwordProcess.command("serve", "--port", "0");
    command.environment().put(variable, value);
    Process process = command.redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .startsWith("lastword: " + variable)
        .hasLineCount(1);
    assertThat(process.waitFor()).isEqualTo(2);
  }

  @Test
  void anUnknownVariableIsAWarning(@TempDir Path folder) throws Exception {
    ProcessBuilder command = LastwordProcess.command("doctor", "--data", folder.toString());
    command.environment().put("LASTWORD_DEBOUNC", "5s");
    Process process = command.redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
        .contains(" WARN ", "Unknown setting LASTWORD_DEBOUNC.", "There is no database in ")
        .hasLineCount(2);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
  }

  private static String text(String value) {
    return value.equals("<blank>") ? " " : value;
  }

  private static void check(String name, String value) throws IOException {
    Map<String, Object> values = new HashMap<>(defaults());
    if (name.equals("count-retention")) {
      values.put("lastword.retention", "1d");
    }
    values.put("lastword." + name, value);
    Settings.check(new MapPropertyResolver(values), Set.of());
    Settings.checkLog(Map.of(Settings.variable(name), value));
  }

  private static Map<String, Object> defaults() throws IOException {
    ResourceLoader resources = new DefaultClassPathResourceLoader(Settings.class.getClassLoader());
    PropertySource source =
        new YamlPropertySourceLoader().load("application", resources).orElseThrow();
    Map<String, Object> defaults = new HashMap<>();
    source.forEach(
        name -> {
          if (name.startsWith("lastword.")) {
            defaults.put(name, source.get(name));
          }
        });
    return defaults;
  }
}
