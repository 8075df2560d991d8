package dev.lastword.stream;

import dev.lastword.feed.Feed;
import dev.lastword.feed.FeedReader;
import dev.lastword.feed.FeedReader.Numbered;
import dev.lastword.http.ByteLimit;
import dev.lastword.query.LogReader;
import dev.lastword.query.LogRow;
import dev.lastword.row.RowKey;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Reads the rows of a feed in the order of their positions, and encodes them as frames. */
final class StreamSource<T extends LogRow> {

  private final Feed feed;
  private final FeedReader positions;
  private final LogReader<T> reader;
  private final JsonMapper json;
  private final Function<T, String> topic;

  StreamSource(
      Feed feed,
      FeedReader positions,
      LogReader<T> reader,
      JsonMapper json,
      Function<T, String> topic) {
    this.feed = feed;
    this.positions = positions;
    this.reader = reader;
    this.json = json;
    this.topic = topic;
  }

  FeedReader.Head head() {
    return positions.head(feed);
  }

  /**
   * Reads the rows after a position.
   *
   * @param rows maximum number of rows
   * @param bytes maximum size; the first row may be larger
   */
  StreamPage after(long position, int rows, int bytes) {
    FeedReader.Page stretch = positions.after(feed, position, rows);
    List<Numbered> numbered = stretch.rows();
    if (numbered.isEmpty()) {
      return new StreamPage(List.of(), position, false);
    }
    // A row that was amended meanwhile is sent once, at the last of its positions.
    Map<RowKey, Long> byKey = new HashMap<>();
    numbered.forEach(place -> byKey.put(place.key(), place.position()));
    List<StreamEntry> entries = new ArrayList<>();
    var limit = new ByteLimit(bytes);
    boolean all =
        reader.rows(
            numbered.stream()
                .filter(place -> Objects.equals(byKey.get(place.key()), place.position()))
                .map(Numbered::key)
                .toList(),
            stretch.earliest(),
            stretch.latest(),
            row -> {
              StreamEntry entry = entry(Objects.requireNonNull(byKey.get(row.key())), row);
              return limit.admits(entry.frame().length) && entries.add(entry);
            });
    long through =
        all
            ? numbered.get(numbered.size() - 1).position()
            : entries.get(entries.size() - 1).position();
    return new StreamPage(entries, through, !all || numbered.size() == rows);
  }

  private StreamEntry entry(long position, LogReader.Owned<T> owned) {
    try {
      byte[] frame = SseFrames.row(position, json.writeValueAsBytes(owned.row()));
      return new StreamEntry(position, owned.tenantId(), topic.apply(owned.row()), frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
