package dev.lastword.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.value.MapPropertyResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://db:3307/shop",
        "mariadb://db:3307/shop",
        "jdbc:mysql://db:3307/shop",
        "jdbc:mariadb://db:3307/shop",
        " mysql://db:3307/shop\n"
      })
  void everyWayToWriteItIsOneAddress(String given) {
    DatabaseAddress address = DatabaseAddress.parse(given, "lastword", "secret");
    assertThat(address.url())
        .isEqualTo(
            "jdbc:mysql://db:3307/shop?rewriteBatchedStatements=true&useLocalSessionState=true"
                + "&cachePrepStmts=true&prepStmtCacheSqlLimit=16384&connectionTimeZone=UTC"
                + "&forceConnectionTimeZoneToSession=false&characterEncoding=UTF-8"
                + "&connectTimeout=5000&socketTimeout=60000&sessionVariables="
                + SessionSettings.asOption());
    assertThat(address.user()).isEqualTo("lastword");
    assertThat(address.password()).isEqualTo("secret");
  }

  @Test
  void whatTheUrlSaysWins() {
    DatabaseAddress address =
        DatabaseAddress.parse(
            "mysql://db/shop?socketTimeout=7&ConnectionTimeZone=SERVER&sslMode=REQUIRED",
            null,
            null);
    assertThat(address.url())
        .contains("?socketTimeout=7&ConnectionTimeZone=SERVER&sslMode=REQUIRED&")
        .doesNotContain("socketTimeout=60000", "connectionTimeZone=UTC");
  }

  @Test
  void sessionVariablesOfTheUrlAreSetButForThoseThatStatementsRelyOn() {
    DatabaseAddress once =
        DatabaseAddress.parse(
            "mysql://db/shop?sessionVariables=lc_time_names='de_DE',autocommit=0", null, null);
    assertThat(once.url())
        .contains(
            "?sessionVariables=lc_time_names='de_DE',autocommit=0," + SessionSettings.asOption());
    assertThat(DatabaseAddress.parse(once.url(), null, null)).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://an%20a:p%40ss+w:rd@db/shop",
        "mysql://an a:p@ss+w:rd@db/shop",
        "mysql://db/shop?user=an%20a&password=p%40ss+w:rd",
      })
  void loginsOfTheUrlWinAndAreTakenOutOfIt(String given) {
    DatabaseAddress address = DatabaseAddress.parse(given, "other", "other");
    assertThat(address.user()).isEqualTo("an a");
    assertThat(address.password()).isEqualTo("p@ss+w:rd");
    assertThat(address.url())
        .startsWith("jdbc:mysql://db/shop?rewrite")
        .doesNotContain("@", "w:rd", "an a", "an%20a");
    assertThat(address).hasToString("db/shop");
  }

  @Test
  void aLoginMayBeMissing() {
    DatabaseAddress address = DatabaseAddress.parse("mysql://db/shop", null, null);
    assertThat(address.user()).isNull();
    assertThat(address.password()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://ann:ann@h/d, true",
    "mysql://ann:Password@h/d, true",
    "mysql://ann:@h/d, true",
    "mysql://ann@h/d, true",
    "mysql://h/d?user=ann&password=changeme, true",
    "mysql://ann:k4hT0aXw@h/d, false",
    "mysql://h/d?user=ann&password=k4hT0aXw, false"
  })
  void aPasswordThatIsEasilyGuessedIsKnown(String url, boolean guessable) {
    assertThat(DatabaseAddress.parse(url, null, null).isPasswordGuessable()).isEqualTo(guessable);
  }

  @Test
  void severalHostsAndOtherModesOfTheDriverPassThrough() {
    assertThat(DatabaseAddress.parse("jdbc:mysql:replication://a:1,b:2/shop", null, null).url())
        .startsWith("jdbc:mysql:replication://a:1,b:2/shop?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[::1]:3306",
        "[fe80::1%25eth0]",
        "my_sql-1.example.org",
        "größe:1",
        "a:1,[::1]:2",
        "(host=h,port=3)",
        "address=(host=::1)(port=3)"
      })
  void everyFormOfAHostIsTaken(String hosts) {
    assertThat(DatabaseAddress.parse("mysql://" + hosts + "/shop", null, null).url())
        .startsWith("jdbc:mysql://" + hosts + "/shop?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:geheim@db/shop",
        "db:3306/geheim",
        "jdbc:h2:mem:geheim",
        "mysql://u:geheim@db:x/shop",
        "mysql://u:geheim@db",
        "mysql://u:geheim@db:x,u:geheim@db/shop"
      })
  void anythingElseIsRefusedWithoutRepeatingIt(String given) {
    assertThatThrownBy(() -> DatabaseAddress.parse(given, null, null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("mysql://user:password@host:3306/database")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void secretsMayStandInFiles(@TempDir Path folder) throws Exception {
    Path url = Files.writeString(folder.resolve("url"), "mysql://db/shop\n");
    Path password = Files.writeString(folder.resolve("password"), "geheim\n");
    DatabaseAddress address =
        from(
            Map.of(
                "lastword.db.url-file", url.toString(),
                "lastword.db.password-file", password.toString()));
    assertThat(address).hasToString("db/shop");
    assertThat(address.password()).isEqualTo("geheim");
    assertThatThrownBy(() -> from(Map.of("lastword.db.url-file", "/no/such/file")))
        .hasMessage(
            "LASTWORD_DB_URL_FILE is '/no/such/file', but must be a file that can be read.");
  }

  @Test
  void aBlankUrlIsNone() {
    assertThat(DatabaseAddress.from(new MapPropertyResolver(Map.of("lastword.db.url", " "))))
        .isEmpty();
  }

  @Test
  void longStatementsMayTakeTheirTime() {
    for (String given : new String[] {"mysql://db/shop", "mysql://db/shop?sockettimeout=9"}) {
      assertThat(DatabaseAddress.parse(given, null, null).withoutSocketTimeout().url())
          .containsIgnoringCase("socketTimeout=0")
          .doesNotContainIgnoringCase("socketTimeout=6", "socketTimeout=9");
    }
  }

  @Test
  void anotherSocketTimeoutHoldsUnlessTheUrlNamesOne() {
    assertThat(withSocketTimeoutOf15s("mysql://db/shop")).contains("socketTimeout=15000");
    assertThat(withSocketTimeoutOf15s("mysql://db/shop?socketTimeout=9000"))
        .contains("socketTimeout=9000");
  }

  private static String withSocketTimeoutOf15s(String given) {
    return DatabaseAddress.parse(given, null, null)
        .withDefaultSocketTimeout(Duration.ofSeconds(15))
        .url();
  }

  private static DatabaseAddress from(Map<String, Object> settings) {
    return DatabaseAddress.from(new MapPropertyResolver(settings)).orElseThrow();
  }
}
