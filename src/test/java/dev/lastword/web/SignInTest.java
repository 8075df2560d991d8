package dev.lastword.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastword.Browser;
import dev.lastword.access.KeyRestrictions;
import dev.lastword.access.Keys;
import dev.lastword.access.Scope;
import dev.lastword.access.Tenant;
import dev.lastword.access.Tenants;
import io.micronaut.context.annotation.Property;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Uses the page of a service with keys. */
@Tag("browser")
@MicronautTest(transactional = false)
@Property(name = "lastword.debounce", value = "500ms")
@Property(name = "lastword.rest", value = "200ms")
class SignInTest {
  @RegisterExtension static final Browser browser = new Browser();

  @Inject EmbeddedServer server;
  @Inject Keys keys;
  @Inject Tenants tenants;

  private String create(Scope... scopes) {
    Tenant tenant = tenants.find(Tenant.DEFAULT).orElseThrow();
    return keys.create(
            "test",
            tenant,
            EnumSet.of(scopes[0], scopes),
            KeyRestrictions.NONE,
            false,
            "page",
            null)
        .text();
  }

  @Test
  void aKeyBeginsASessionThatIsEnded() {
    String read = create(Scope.READ);
    String write = create(Scope.WRITE);
    browser.view(390, 844, false);
    browser.open(server.getURI() + "/#try");
    browser.awaitText("h1", "Sign in");
    assertThat(browser.barriers()).isEmpty();
    browser.type("#key", "lw_wrong");
    browser.click(".primary");
    browser.awaitText(".refusal", "key");
    browser.run("document.getElementById('key').value = args[0]", read);
    browser.click(".primary");
    browser.awaitText("h1", "What did they search for?");
    browser.run(
        """
        const field = document.getElementById('write-key');
        field.value = args[0];
        field.dispatchEvent(new Event('input'));
        """,
        write);
    browser.type("#box", "with a key");
    browser.awaitText(".stage .log", "with a key");
    browser.awaitText(".stage .staged", "One row while you type");
    assertThat(browser.barriers()).isEmpty();
    browser.click("#leave");
    browser.awaitText("h1", "Sign in");
  }

  @Test
  void anAdministratorCreatesAndRevokesKeysAndErasesUsers() {
    String admin = create(Scope.READ, Scope.ADMIN);
    browser.open(server.getURI() + "/#admin");
    browser.awaitText("h1", "Sign in");
    browser.run("document.getElementById('key').value = args[0]", admin);
    browser.click(".primary");
    browser.awaitText("#tenant", "default");
    browser.awaitText(part("Tenants", "h2"), "Tenants");
    assertThat(browser.run("return location.hash")).isEqualTo("#admin?tenant=default");

    browser.type(form("Tenants", "input"), "Not Allowed", org.openqa.selenium.Keys.ENTER);
    browser.awaitText(form("Tenants", ".refusal"), "lower-case");
    browser.run("document.querySelector(args[0]).value = 'shop'", form("Tenants", "input"));
    browser.click(form("Tenants", "button"));
    browser.awaitText(part("Tenants", "tbody"), "shop");

    browser.run("document.querySelector(args[0]).value = 'shop'", form("API keys", "select"));
    browser.type(form("API keys", "[name=label]"), "a new key");
    browser.click(form("API keys", "button"));
    browser.awaitText(".created code", "lw_");
    String key = browser.text(".created code");
    browser.click(".created button");
    browser.awaitText(part("API keys", "tbody"), "a new key");
    String revoke = "[aria-label^='Revoke key %s']".formatted(key.split("_")[1]);
    browser.click(revoke);
    assertThat(browser.text(revoke)).isEqualTo("Really revoke?");
    browser.click(revoke);
    browser.awaitText(part("API keys", "tbody"), "revoked");

    browser.type(form("Erasures", "[name=user]"), "ann");
    browser.click(form("Erasures", "button"));
    browser.awaitText(form("Erasures", "button"), "Really erase ann?");
    browser.click(form("Erasures", "button"));
    browser.awaitText(part("Erasures", "tbody"), "0 searches, 0 events");
    assertThat(browser.text(part("What administrators did", "tbody")))
        .contains("tenant.create", "key.create", "key.revoke", "user.erase");
    assertThat(browser.barriers()).isEmpty();

    browser.open(server.getURI() + "/?other#searches?tenant=shop");
    browser.awaitText("main", "It is about tenant shop");
  }

  private static String part(String heading, String selector) {
    return ".part[aria-label='%s'] %s".formatted(heading, selector);
  }

  private static String form(String heading, String selector) {
    return part(heading, "form " + selector);
  }
}
