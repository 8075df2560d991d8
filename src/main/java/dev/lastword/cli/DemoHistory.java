package dev.lastword.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lastword.row.RowIds;
import dev.lastword.simulation.ShopHistory;
import dev.lastword.simulation.ShopHistory.Event;
import dev.lastword.simulation.ShopHistory.Search;
import dev.lastword.simulation.ShopHistory.Visit;
import io.micronaut.context.ApplicationContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Imports what the visitors of a simulated shop did until now.
 *
 * <p>Rows have ids that depend on their content, so a repeated run adds only what is missing.
 */
final class DemoHistory {
  private static final JsonFactory JSON = new JsonFactory();

  private final ShopHistory shop;
  private final List<LocalDate> days;
  private final Instant now;

  /**
   * @param days number of days before the one of {@code now}
   */
  DemoHistory(long seed, int days, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate first = today.minusDays(days);
    this.shop = new ShopHistory(seed, first);
    this.days = first.datesUntil(today.plusDays(1)).toList();
    this.now = now;
  }

  /** Imports searches, then events, as {@code lastword import} does. */
  void importInto(ApplicationContext beans, int tenantId, PrintWriter out) throws IOException {
    ImportPartitions partitions = new ImportPartitions(beans);
    partitions.create();
    load(
        "searches",
        new Rows(this::searches),
        ImportKind.SEARCHES.target(tenantId, beans),
        partitions,
        out);
    load(
        "events",
        new Rows(this::events),
        ImportKind.EVENTS.target(tenantId, beans),
        partitions,
        out);
  }

  private void load(
      String name, Rows rows, ImportTarget target, ImportPartitions partitions, PrintWriter out)
      throws IOException {
    Path rejects = Files.createTempFile("lastword-demo", ".rejected");
    ImportProgress done;
    try (ImportRejects rejected = new ImportRejects(rejects, 0);
        Progress progress = new Progress(out, "days of " + name, days.size())) {
      done =
          new ImportRun("demo", target, rejected, ImportProgress.NOTHING, null)
              .run(
                  rows,
                  () -> {
                    progress.to(rows.daysBegun());
                    partitions.afterBatch();
                  });
    } catch (ImportRun.OtherContentException e) {
      throw new IllegalStateException("Nothing was imported before", e);
    }
    partitions.create();
    out.printf("%s: %d stored, %d were there already%n", name, done.accepted(), done.duplicates());
    if (done.rejected() > 0) {
      throw new IOException(
          "%d %s were rejected, see %s".formatted(done.rejected(), name, rejects));
    }
    out.flush();
  }

  private Stream<byte[]> searches(Visit visit) {
    return IntStream.range(0, visit.searches().size())
        .filter(index -> !visit.searches().get(index).at().isAfter(now))
        .mapToObj(
            index -> {
              Search search = visit.searches().get(index);
              int rest = Objects.hash(visit.sessionId(), index);
              return json(
                  visit,
                  json -> {
                    json.writeNumberField("id", RowIds.of(search.at().toEpochMilli(), rest));
                    json.writeStringField("searched_at", search.at().toString());
                    json.writeStringField("typed_at", search.at().toString());
                    json.writeStringField("keyword", search.keyword());
                    json.writeBooleanField("submitted", search.submitted());
                    json.writeNumberField("keystrokes", search.keystrokes());
                  });
            });
  }

  private Stream<byte[]> events(Visit visit) {
    return IntStream.range(0, visit.events().size())
        .filter(index -> !visit.events().get(index).at().isAfter(now))
        .mapToObj(
            index -> {
              Event event = visit.events().get(index);
              return json(
                  visit,
                  json -> {
                    json.writeStringField("event_id", visit.sessionId() + "-" + index);
                    json.writeStringField("occurred_at", event.at().toString());
                    json.writeStringField("topic", event.topic());
                    json.writeStringField("source", event.source());
                    json.writeStringField("level", event.level());
                    json.writeStringField("message", event.message());
                    json.writeNumberField("value", event.value());
                    json.writeObjectFieldStart("payload");
                    for (Map.Entry<String, Object> field : event.payload().entrySet()) {
                      json.writeFieldName(field.getKey());
                      json.writeObject(field.getValue());
                    }
                    json.writeEndObject();
                  });
            });
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] json(Visit visit, Fields fields) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("session_id", visit.sessionId());
      json.writeStringField("user_id", visit.userId());
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  /** The rows of all visits, day by day. */
  private final class Rows extends ImportRows {
    private final Iterator<byte[]> lines;
    private long begun;
    private long number;

    Rows(Function<Visit, Stream<byte[]>> linesOf) {
      lines = days.stream().peek(day -> begun++).flatMap(shop::visits).flatMap(linesOf).iterator();
    }

    /** Returns the number of days whose rows are read, except for some of the last one. */
    long daysBegun() {
      return begun;
    }

    @Override
    @Nullable Row read() {
      return lines.hasNext() ? new Row(++number, lines.next(), null) : null;
    }

    @Override
    public void close() {}
  }
}
