package dev.lastword;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which package may use which, so that a feature can be read from its folder down. */
@AnalyzeClasses(packages = "dev.lastword", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Beside these, all may use {@code http} and {@code row}, and {@code cli} may use any. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("query", Set.of("search", "event", "feed", "stats", "access")),
          entry("search", Set.of("commit", "database", "feed", "lock", "stats", "access")),
          entry("event", Set.of("commit", "database", "feed", "stats", "access")),
          entry("stats", Set.of("access")),
          entry("ops", Set.of("database", "lock")),
          entry("access", Set.of()),
          entry("commit", Set.of("database")),
          entry("feed", Set.of()),
          entry("database", Set.of()),
          entry("lock", Set.of()),
          entry("row", Set.of()));

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CIRCLE =
      slices().matching("dev.lastword.(*)..").should().beFreeOfCycles();

  @ArchTest
  static void packagesUseOnlyWhatTheyMay(JavaClasses classes) {
    var rule =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("main")
            .definedBy("dev.lastword")
            .layer("cli")
            .definedBy("dev.lastword.cli..")
            .layer("http")
            .definedBy("dev.lastword.http..")
            .whereLayer("main")
            .mayOnlyAccessLayers("cli");
    for (String name : MAY_USE.keySet()) {
      rule = rule.layer(name).definedBy("dev.lastword." + name + "..");
    }
    rule = rule.whereLayer("http").mayOnlyAccessLayers("database", "row");
    for (var arrows : MAY_USE.entrySet()) {
      var others = new HashSet<>(arrows.getValue());
      others.addAll(Set.of("http", "row"));
      rule = rule.whereLayer(arrows.getKey()).mayOnlyAccessLayers(others.toArray(String[]::new));
    }
    rule.ensureAllClassesAreContainedInArchitecture().check(classes);
  }
}
