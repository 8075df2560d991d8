package dev.lastword.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.lastword.event.EventImporter;
import dev.lastword.search.KeystrokeImporter;
import dev.lastword.search.SearchImporter;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The kind of the rows of a file. */
enum ImportKind {
  /** Events of any sender. */
  EVENTS,
  /** Events as {@code export} writes them. */
  EXPORTED_EVENTS,
  /** Keystrokes, which are folded and promoted like those of {@code POST /log}. */
  KEYSTROKES,
  /** Searches as {@code export} writes them, which are restored unchanged. */
  SEARCHES;

  private static final JsonFactory JSON = new JsonFactory();

  /** Returns the kind of rows with these fields. */
  static ImportKind of(Collection<String> fields) {
    if (fields.contains("keyword")) {
      return fields.contains("searched_at") ? SEARCHES : KEYSTROKES;
    }
    return fields.containsAll(Set.of("id", "event_id", "topic", "occurred_at", "received_at"))
        ? EXPORTED_EVENTS
        : EVENTS;
  }

  /** Returns the kind of a row by its fields, as far as it is JSON. */
  static ImportKind of(ImportRows.@Nullable Row row) {
    Set<String> fields = new HashSet<>();
    if (row != null && row.problem() == null) {
      try (JsonParser parser = JSON.createParser(row.json())) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          fields.add(parser.currentName());
          parser.nextToken();
          parser.skipChildren();
        }
      } catch (IOException e) {
        // the row will be rejected; the fields before the error decide
      }
    }
    return of(fields);
  }

  /**
   * Returns this kind, unless the option is another one.
   *
   * @param option events, keystrokes or searches; null for this kind
   */
  ImportKind or(@Nullable String option) {
    if (option == null || option.equals("events") && this == EXPORTED_EVENTS) {
      return this;
    }
    return valueOf(option.toUpperCase(Locale.ROOT));
  }

  /** Returns the target of rows of this kind and this tenant. */
  ImportTarget target(int tenantId, ApplicationContext context) {
    return switch (this) {
      case KEYSTROKES -> {
        KeystrokeImporter keystrokes = context.getBean(KeystrokeImporter.class);
        yield (lines, ids) -> keystrokes.take(tenantId, lines);
      }
      case SEARCHES -> {
        SearchImporter searches = context.getBean(SearchImporter.class);
        yield (lines, ids) -> CompletableFuture.completedFuture(searches.take(tenantId, lines));
      }
      case EVENTS, EXPORTED_EVENTS -> {
        EventImporter events = context.getBean(EventImporter.class);
        yield (lines, ids) -> events.take(tenantId, lines, ids, this == EXPORTED_EVENTS);
      }
    };
  }
}
