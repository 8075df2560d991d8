package dev.lastword.cli;

import static dev.lastword.TestDatabase.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.HttpCalls;
import dev.lastword.TestDatabase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Follows an operator from an open service to two tenants with keys. */
class KeysCommandTest {

  @TempDir Path folder;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private final String url = TestDatabase.create();

  @Test
  void keysAreCreatedUsedListedAndRevoked() {
    assertThat(run("tenants", "create", "shop")).isZero();
    assertThat(run("tenants", "create", "shop")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("lastword: There is a tenant 'shop' already.\n");
    assertThat(run("tenants", "list")).isZero();
    assertThat(out.toString().lines()).hasSize(2).anyMatch(line -> line.endsWith("Z  shop"));

    assertThat(
            run(
                "keys",
                "create",
                "--tenant",
                "shop",
                "--scope",
                "write,read",
                "--label",
                "box",
                "--expires",
                "90d"))
        .isZero();
    assertThat(out.toString()).matches("lw_[0-9a-z]{12}_[\\w-]{43}\n");
    assertThat(err.toString()).isEmpty();
    String key = out.toString().strip();
    String id = key.substring(3, 15);
    assertThat(run("keys", "create", "--scope", "read")).isZero();
    String other = out.toString().strip();

    Map<String, Object> settings = new HashMap<>(TestDatabase.settings(url));
    settings.put("lastword.port", -1);
    try (EmbeddedServer node = ApplicationContext.run(EmbeddedServer.class, settings)) {
      assertThat(HttpCalls.getAsync(node, "/searches").join().statusCode()).isEqualTo(401);
      var demo =
          run(
              new String[] {
                "demo",
                "--typists",
                "2",
                "--seconds",
                "3",
                "--url",
                node.getURL().toString(),
                "--key",
                key
              });
      assertThat(demo).as(() -> out + "\n" + err).isZero();
      assertThat(searches(node, key).body()).contains("demo-01");
      assertThat(searches(node, other).body()).contains("\"items\":[]");
      assertThat(run(new String[] {"demo", "--url", node.getURL().toString()})).isEqualTo(1);
      assertThat(err.toString()).contains("/searches/staged?limit=1000 answered 401");
    }

    assertThat(run("keys", "list")).isZero();
    assertThat(out.toString().lines())
        .hasSize(2)
        .anyMatch(
            line -> line.matches(id + "  shop  write,read  active  expires 2.*  used 2.*  box"))
        .anyMatch(line -> line.matches("\\w{12}  default  read  active  expires never  used 2.*"));
    assertThat(run("keys", "list", "--tenant", "shop")).isZero();
    assertThat(out.toString()).hasLineCount(1);
    assertThat(run("keys", "revoke", id)).isZero();
    assertThat(out.toString()).contains(id + "  shop  write,read  revoked");
    assertThat(run("keys", "revoke", "none")).isEqualTo(2);
    assertThat(err.toString()).contains("There is no key 'none'.");
  }

  @Test
  void aKeyOfAPageIsRestricted() {
    assertThat(
            run(
                "keys",
                "create",
                "--scope",
                "write",
                "--topics",
                "viewed, clicked",
                "--origins",
                "https://shop.example",
                "--label",
                "page"))
        .isZero();
    assertThat(run("keys", "list")).isZero();
    assertThat(out.toString())
        .contains(
            "  write, topics viewed, clicked, origins https://shop.example  active  expires never");
  }

  private static HttpResponse<String> searches(EmbeddedServer node, String key) {
    return HttpCalls.getAsync(node, "/searches", "Authorization", "Bearer " + key).join();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys | Use create, list or revoke.",
        "keys create | Missing required option: '--scope=SCOPES'",
        "keys create --scope all | --scope must be one of: write, read, admin.",
        "keys create --scope read --expires soon | --expires must be a date",
        "keys create --scope write --origins shop.example | --origins must be like https://shop.example or https://*.shop.example, not 'shop.example'.",
        "keys create --scope write --topics a,,b | --topics must be at most 100 names of 1 to 255 characters",
        "keys create --scope read --expires 0s | --expires_at must be in the future",
        "keys create --scope read --tenant none | There is no tenant 'none'. See: lastword tenants list",
        "keys list --tenant none | There is no tenant 'none'.",
        "tenants | Use create or list.",
        "tenants create A | name must be 1 to 64 lower-case letters",
        "export events --tenant none | There is no tenant 'none'.",
        "erase ann --tenant none | There is no tenant 'none'.",
        "erase ann --from soon | from must be a date",
        "erase | Missing required parameter: 'USER'",
      })
  void aMistakeIsOneSentence(String line, String sentence) {
    String[] words = line.split(" ");
    boolean complete = words.length > 1;
    assertThat(complete ? run(words[0], Arrays.copyOfRange(words, 1, words.length)) : run(words))
        .isEqualTo(2);
    assertThat(err.toString()).contains(sentence);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void filesAreImportedForATenantExportedAndTheirUsersErased() throws Exception {
    run("tenants", "create", "shop");
    Path events =
        Files.writeString(folder.resolve("a.ndjson"), "{\"topic\":\"t\",\"event_id\":1}\n");
    // The progress of an import for the default tenant, which is not that of this one.
    Files.writeString(folder.resolve("a.ndjson.import"), "rows=1\n");
    Path searches =
        Files.writeString(
            folder.resolve("b.csv"),
            """
            id,keyword,session_id,user_id,submitted,keystrokes,typed_at,searched_at,revision,amended_at
            7388898785280000001,New York,s-1,ann,true,9,,2025-10-12T10:11:12.130Z,0,
            """);
    Path keystrokes =
        Files.writeString(
            folder.resolve("c.ndjson"), "{\"keyword\":\"Rome\",\"session_id\":\"s-2\"}\n");
    assertThat(
            run(
                "import",
                events.toString(),
                searches.toString(),
                keystrokes.toString(),
                "--tenant",
                "shop"))
        .as(() -> out + "\n" + err)
        .isZero();
    for (String table : List.of("event_log", "search_log", "search_staging")) {
      assertThat(
              number(url, "SELECT COUNT(*) FROM " + table + " WHERE tenant_id = 2 AND bucket < 64"))
          .as(table)
          .isEqualTo(1);
      assertThat(
              number(url, "SELECT COUNT(*) FROM " + table + " WHERE tenant_id = 1 AND bucket < 64"))
          .as(table)
          .isZero();
    }
    Path exported = folder.resolve("out.csv");
    assertThat(run("export", "searches", exported.toString(), "--tenant", "shop")).isZero();
    assertThat(exported).content().isEqualToNormalizingNewlines(Files.readString(searches));
    assertThat(run("export", "searches", exported.toString())).isZero();
    assertThat(exported).content().hasLineCount(1);

    assertThat(run("erase", "ann")).isZero();
    assertThat(out.toString()).contains("Erasure 1, finished 2", " searches 0, ");
    assertThat(run("erase", "ann", "--tenant", "shop", "--from", "2025-10-13")).isZero();
    assertThat(out.toString()).contains(" searches 0, ");
    assertThat(run("erase", "ann", "--tenant", "shop", "--to", "2025-10-13")).isZero();
    assertThat(out.toString()).contains(" searches 1, ");
    assertThat(number(url, "SELECT COUNT(*) FROM search_log")).isZero();
    assertThat(run("doctor", "--counts")).isZero();
  }

  /** Runs a command on the database. */
  private int run(String first, String... more) {
    List<String> args = new ArrayList<>(List.of(first));
    args.addAll(List.of(more));
    args.addAll(List.of("--db-url", url));
    return run(args.toArray(String[]::new));
  }

  private int run(String[] args) {
    out = new StringWriter();
    err = new StringWriter();
    return LastwordCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
