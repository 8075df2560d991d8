package dev.lastword.database;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcPropertySetImpl;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.value.PropertyResolver;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL and the account of a database.
 *
 * @param url a {@code jdbc:mysql:} URL without user and password, so that it can be logged
 * @param user null to let the driver decide
 * @param password null for none; never logged
 */
public record DatabaseAddress(String url, @Nullable String user, @Nullable String password) {

  private static final Pattern URL =
      Pattern.compile("(?:jdbc:)?(?:mysql|mariadb)(:\\w+)?:(//[^/?]*)(/[^?]*)?(?:\\?(.*))?");

  /** A name or an IPv6 address. The driver accepts more, and then fails to resolve it. */
  private static final Pattern HOST =
      Pattern.compile("[^\\s:\\[\\]]+|\\[[^\\s\\[\\]]+\\]|\\p{XDigit}*(?::[\\p{XDigit}.]*){2,}");

  private static final Set<String> GUESSED =
      Set.of(
          "lastword",
          "mysql",
          "mariadb",
          "root",
          "admin",
          "password",
          "secret",
          "changeme",
          "test",
          "example",
          "123456",
          "12345678");

  private static final String SESSION_VARIABLES = "sessionvariables";
  private static final String DEFAULT_SOCKET_TIMEOUT = "socketTimeout=60000";

  /** Options of the driver, unless the given URL sets them. */
  private static final List<String> DEFAULTS =
      List.of(
          // Without it, a batch is one statement per row.
          "rewriteBatchedStatements=true",
          // Without it, the driver asks the server before each batch whether the session is
          // read-only.
          "useLocalSessionState=true",
          // Lets the driver parse long statements once, not with each batch.
          "cachePrepStmts=true",
          "prepStmtCacheSqlLimit=16384",
          // All times are UTC, whatever the time zone of this machine.
          "connectionTimeZone=UTC",
          "forceConnectionTimeZoneToSession=false",
          "characterEncoding=UTF-8",
          // Only these two detect a host that vanished without closing its connections.
          "connectTimeout=5000",
          DEFAULT_SOCKET_TIMEOUT);

  /**
   * Returns the address from the settings {@code lastword.db.url}, {@code user} and {@code
   * password}, or from the files that {@code url-file} and {@code password-file} name; empty
   * without a URL.
   */
  public static Optional<DatabaseAddress> from(PropertyResolver settings) {
    return SecretSetting.read(settings, "lastword.db.url")
        .map(
            url ->
                parse(
                    url,
                    SecretSetting.text(settings, "lastword.db.user").orElse(null),
                    SecretSetting.read(settings, "lastword.db.password").orElse(null)));
  }

  /**
   * Parses a URL: {@code mysql://}, {@code mariadb://} and their JDBC forms. A user and a password
   * in the URL take precedence over the other parameters.
   *
   * @throws ConfigurationException if it is not one of these, or the driver cannot use it; the
   *     message does not repeat the URL, which may hold a password
   */
  public static DatabaseAddress parse(
      String given, @Nullable String user, @Nullable String password) {
    Matcher url = URL.matcher(given.strip());
    if (!url.matches()) {
      throw wrong("it is not the URL of a MySQL or MariaDB database", null);
    }
    String hosts = url.group(2);
    // Each of several hosts may have its own user; that form is left to the driver.
    int at = hosts.contains(",") ? -1 : hosts.lastIndexOf('@');
    if (at >= 0) {
      String[] login = hosts.substring(2, at).split(":", 2);
      user = decode(login[0]);
      password = login.length > 1 ? decode(login[1]) : password;
      hosts = "//" + hosts.substring(at + 1);
    }
    List<String> options = new ArrayList<>();
    for (String option : url.group(4) == null ? new String[0] : url.group(4).split("&")) {
      String value = option.substring(option.indexOf('=') + 1);
      switch (name(option)) {
        case "user" -> user = decode(value);
        case "password" -> password = decode(value);
        case "" -> {}
        default -> options.add(option);
      }
    }
    List<String> named = options.stream().map(DatabaseAddress::name).toList();
    DEFAULTS.stream().filter(option -> !named.contains(name(option))).forEach(options::add);
    addSession(options, SessionSettings.asOption());
    String kind = url.group(1) == null ? "" : url.group(1);
    String schema = url.group(3) == null ? "/" : url.group(3);
    String known = "jdbc:mysql%s:%s%s?%s".formatted(kind, hosts, schema, String.join("&", options));
    check(known);
    return new DatabaseAddress(known, user, password);
  }

  /** Lets the driver parse the URL, so that a wrong one fails now and not with each connection. */
  private static void check(String url) {
    ConnectionUrl read;
    try {
      read = ConnectionUrl.getConnectionUrlInstance(url, null);
      new JdbcPropertySetImpl().initializeProperties(read.getMainHost().exposeAsProperties());
    } catch (CJException | IllegalArgumentException e) {
      // Each of several hosts may have its own password.
      String message = url.contains("@") ? "" : ": " + e.getMessage();
      throw wrong("the driver cannot read it" + message, e);
    }
    if (read.getDatabase() == null || read.getDatabase().isEmpty()) {
      throw wrong("it names no database", null);
    }
    for (HostInfo host : read.getHostsList()) {
      if (!HOST.matcher(host.getHost()).matches()) {
        throw wrong("'%s' is not a host".formatted(host.getHost()), null);
      }
      if (host.getPort() < 1 || host.getPort() > 65_535) {
        throw wrong("port %d is not from 1 to 65535".formatted(host.getPort()), null);
      }
    }
  }

  private static ConfigurationException wrong(String why, @Nullable Throwable cause) {
    return new ConfigurationException(
        "LASTWORD_DB_URL (--db-url) must be mysql://user:password@host:3306/database, but %s."
            .formatted(why.replaceFirst("\\.$", "")),
        cause);
  }

  /**
   * Returns the same database with more variables that each connection sets with its first
   * statement.
   */
  DatabaseAddress withSession(String variables) {
    List<String> options = new ArrayList<>(List.of(url.substring(url.indexOf('?') + 1).split("&")));
    addSession(options, variables);
    return new DatabaseAddress(
        url.substring(0, url.indexOf('?') + 1) + String.join("&", options), user, password);
  }

  /** Adds to what the URL sets; of two values of a variable, the last one counts. */
  private static void addSession(List<String> options, String variables) {
    for (int i = 0; i < options.size(); i++) {
      if (name(options.get(i)).equals(SESSION_VARIABLES)) {
        if (!options.get(i).endsWith(variables)) {
          options.set(i, options.get(i) + "," + variables);
        }
        return;
      }
    }
    options.add("sessionVariables=" + variables);
  }

  /** Returns the same database for statements that may take long, such as ALTER TABLE. */
  public DatabaseAddress withoutSocketTimeout() {
    return new DatabaseAddress(
        url.replaceFirst("(?i)(?<=[?&]socketTimeout=)[^&]*", "0"), user, password);
  }

  /** Returns the same database with another socket timeout, unless the given URL names one. */
  DatabaseAddress withDefaultSocketTimeout(Duration timeout) {
    return new DatabaseAddress(
        url.replaceFirst(
            "(?<=[?&])" + DEFAULT_SOCKET_TIMEOUT + "(?=&|$)",
            "socketTimeout=" + timeout.toMillis()),
        user,
        password);
  }

  /** Returns the names or addresses of its hosts. */
  public List<String> hosts() {
    return ConnectionUrl.getConnectionUrlInstance(url, null).getHostsList().stream()
        .map(HostInfo::getHost)
        .toList();
  }

  /** Opens a connection outside of any pool, with the same settings of its session. */
  public Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(url, login());
    try (var statement = connection.createStatement()) {
      statement.execute(SessionSettings.TRANSACTIONS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private Properties login() {
    Properties login = new Properties();
    if (user != null) {
      login.setProperty("user", user);
    }
    if (password != null) {
      login.setProperty("password", password);
    }
    return login;
  }

  /** Returns whether the password is missing, the name of its user, or one that guessers try. */
  public boolean isPasswordGuessable() {
    HostInfo host = ConnectionUrl.getConnectionUrlInstance(url, login()).getMainHost();
    String given = host.getPassword();
    return given == null
        || given.isEmpty()
        || given.equalsIgnoreCase(host.getUser())
        || GUESSED.contains(given.toLowerCase(Locale.ROOT));
  }

  /** Returns whether a connection can be opened now. */
  boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Returns hosts and schema, for messages. */
  public String hostAndSchema() {
    return url.replaceFirst("[^/]*//", "").replaceFirst("\\?.*", "").replaceAll("[^/,]*@", "");
  }

  @Override
  public String toString() {
    return hostAndSchema();
  }

  private static String name(String option) {
    return option.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
  }

  /** Decodes percent signs only, as the driver does: a plus stays a plus. */
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
