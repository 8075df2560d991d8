package dev.lastword.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The measurements on one database: each figure once per round, and ratios of two figures of the
 * same round, of which the median counts, because the machine changes between rounds.
 */
final class Figures {

  private record Ratio(String name, String figure, String against, double aim) {}

  private final String database;
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();
  private final Map<String, String> units = new LinkedHashMap<>();
  private final List<Ratio> ratios = new ArrayList<>();

  Figures(String database) {
    this.database = database;
  }

  void add(String name, String unit, double value) {
    figures.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    units.put(name, unit);
    System.err.printf(Locale.ROOT, "  %-58s %,12.2f %s%n", name, value, unit);
  }

  /**
   * Adds a ratio of two figures of the same rounds.
   *
   * @param aim the value to reach; NaN for none
   */
  void ratio(String name, String figure, String against, double aim) {
    ratios.add(new Ratio(name, figure, against, aim));
  }

  void print(PrintStream out) {
    out.printf("%n%s%n", database);
    out.printf("  %-58s %12s %25s%n", "", "median", "from - to");
    figures.forEach(
        (name, values) ->
            out.printf(
                Locale.ROOT,
                "  %-58s %,12.2f %12.2f - %-12.2f %s%n",
                name,
                median(values),
                min(values),
                max(values),
                units.get(name)));
    for (Ratio ratio : ratios) {
      List<Double> values = values(ratio);
      out.printf(
          Locale.ROOT,
          "  %-58s %12.2f %12.2f - %-12.2f%s%n",
          ratio.name,
          median(values),
          min(values),
          max(values),
          verdict(ratio, median(values)));
    }
  }

  private static String verdict(Ratio ratio, double median) {
    return Double.isNaN(ratio.aim)
        ? ""
        : " aim %.1f: %s".formatted(ratio.aim, median >= ratio.aim ? "reached" : "NOT reached");
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("database", database);
    json.writeObjectFieldStart("figures");
    for (var figure : figures.entrySet()) {
      json.writeObjectFieldStart(figure.getKey());
      json.writeStringField("unit", units.get(figure.getKey()));
      write(json, figure.getValue());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("ratios");
    for (Ratio ratio : ratios) {
      json.writeObjectFieldStart(ratio.name);
      if (!Double.isNaN(ratio.aim)) {
        json.writeNumberField("aim", ratio.aim);
      }
      write(json, values(ratio));
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  static void write(Path file, Map<String, String> machine, List<Figures> all) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newBufferedWriter(file))
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      for (var entry : machine.entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeArrayFieldStart("databases");
      for (Figures figures : all) {
        figures.write(json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, List<Double> values) throws IOException {
    json.writeNumberField("median", median(values));
    json.writeNumberField("min", min(values));
    json.writeNumberField("max", max(values));
    json.writeArrayFieldStart("rounds");
    for (double value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private List<Double> values(Ratio ratio) {
    List<Double> values = new ArrayList<>();
    List<Double> above = figures.getOrDefault(ratio.figure, List.of());
    List<Double> below = figures.getOrDefault(ratio.against, List.of());
    for (int round = 0; round < Math.min(above.size(), below.size()); round++) {
      values.add(above.get(round) / below.get(round));
    }
    return values;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double min(List<Double> values) {
    return values.stream().mapToDouble(value -> value).min().orElse(Double.NaN);
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(value -> value).max().orElse(Double.NaN);
  }
}
