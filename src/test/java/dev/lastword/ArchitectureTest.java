package dev.lastword;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;

/** Packages and what they may use, so that a feature can be read from its folder down. */
@ArchTag("once")
@AnalyzeClasses(packages = "dev.lastword", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** The packages that each may use; {@code cli} may use any. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("row", Set.of()),
          entry("database", Set.of()),
          entry("lock", Set.of()),
          entry("redaction", Set.of("database", "row")),
          entry("simulation", Set.of()),
          entry("commit", Set.of("row", "database")),
          entry("http", Set.of("row", "database")),
          entry("feed", Set.of("row")),
          entry("daily", Set.of("row")),
          entry("rollup", Set.of("daily", "database", "feed", "row")),
          entry("access", Set.of("database", "http", "row")),
          entry("limit", Set.of("access", "http", "row")),
          entry(
              "search",
              Set.of("access", "commit", "database", "feed", "http", "lock", "redaction", "row")),
          entry(
              "event",
              Set.of(
                  "access",
                  "commit",
                  "daily",
                  "database",
                  "feed",
                  "http",
                  "idempotency",
                  "redaction",
                  "row")),
          entry("idempotency", Set.of("commit", "http", "row")),
          entry("query", Set.of("access", "daily", "http", "redaction", "rollup", "row")),
          entry(
              "erasure",
              Set.of(
                  "access",
                  "database",
                  "event",
                  "feed",
                  "http",
                  "idempotency",
                  "rollup",
                  "row",
                  "search")),
          entry("stream", Set.of("access", "erasure", "feed", "http", "query", "row")),
          entry("stats", Set.of("access", "daily", "feed", "http", "rollup", "row", "search")),
          entry("ops", Set.of("database", "feed", "http", "lock", "rollup", "row", "search")));

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CIRCLE =
      slices().matching("dev.lastword.(**)").should().beFreeOfCycles();

  @ArchTest
  static void packagesUseOnlyWhatTheyMay(JavaClasses classes) {
    var rule =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("dev.lastword")
            .layer("cli")
            .definedBy("dev.lastword.cli..")
            .whereLayer("main")
            .mayOnlyAccessLayers("cli");
    for (String name : MAY_USE.keySet()) {
      rule = rule.layer(name).definedBy("dev.lastword." + name + "..");
    }
    for (var arrows : MAY_USE.entrySet()) {
      rule =
          arrows.getValue().isEmpty()
              ? rule.whereLayer(arrows.getKey()).mayNotAccessAnyLayer()
              : rule.whereLayer(arrows.getKey())
                  .mayOnlyAccessLayers(arrows.getValue().toArray(String[]::new));
    }
    rule.ensureAllClassesAreContainedInArchitecture().check(classes);
  }
}
