package dev.lastword.query;

import dev.lastword.feed.Feed;
import dev.lastword.feed.Positions;
import dev.lastword.feed.Positions.Numbered;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the rows of a feed in the order of their positions, and makes frames of them. */
final class StreamSource<T extends Logged> {

  static final int PAGE = 500;

  private final Feed feed;
  private final Positions positions;
  private final LogReader<T> reader;
  private final JsonMapper json;
  private final Function<T, String> topic;

  StreamSource(
      Feed feed,
      Positions positions,
      LogReader<T> reader,
      JsonMapper json,
      Function<T, String> topic) {
    this.feed = feed;
    this.positions = positions;
    this.reader = reader;
    this.json = json;
    this.topic = topic;
  }

  Positions.Head head() {
    return positions.head(feed);
  }

  StreamPage behind(long position) {
    Positions.Stretch stretch = positions.behind(feed, position, PAGE);
    List<Numbered> numbered = stretch.rows();
    if (numbered.isEmpty()) {
      return new StreamPage(List.of(), position, false);
    }
    Map<?, LogReader.Owned<T>> rows =
        reader.rows(
            numbered.stream().map(Numbered::key).toList(), stretch.earliest(), stretch.latest());
    List<StreamEntry> entries = new ArrayList<>();
    for (Numbered place : numbered) {
      LogReader.Owned<T> row = rows.get(place.key());
      if (row != null) {
        entries.add(entry(place.position(), row));
      }
    }
    return new StreamPage(
        entries, numbered.get(numbered.size() - 1).position(), numbered.size() == PAGE);
  }

  private StreamEntry entry(long position, LogReader.Owned<T> owned) {
    try {
      byte[] frame = Frames.row(position, json.writeValueAsBytes(owned.row()));
      return new StreamEntry(position, owned.tenantId(), topic.apply(owned.row()), frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
