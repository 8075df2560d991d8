package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished search.
 *
 * @param id of the search; a string, because JavaScript cannot represent the number
 * @param keyword the text as it was typed
 * @param sessionId the session that typed it
 * @param userId the user of that session, null if nobody was logged in
 * @param submitted whether Enter was pressed
 * @param keystrokes number of keystrokes that it took
 * @param typedAt time of its last keystroke by the clock of the client, null if the client sent
 *     none
 * @param searchedAt time of its last keystroke by the clock of the database, when it was first
 *     logged
 * @param revision how often it was amended since
 * @param amendedAt time of the last keystroke of its latest amendment by the clock of the database,
 *     null if there is none
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
public record LoggedSearch(
    String id,
    String keyword,
    String sessionId,
    @Nullable String userId,
    boolean submitted,
    int keystrokes,
    @Nullable Instant typedAt,
    Instant searchedAt,
    int revision,
    @Nullable Instant amendedAt)
    implements LogRow {

  static final List<String> COLUMNS =
      List.of(
          "id",
          "keyword",
          "session_id",
          "user_id",
          "submitted",
          "keystrokes",
          "typed_at",
          "searched_at",
          "revision",
          "amended_at");

  @Override
  public Cursor cursor() {
    return new Cursor(searchedAt, Long.parseLong(id));
  }

  @Override
  public List<@Nullable Object> cells() {
    return Arrays.asList(
        Long.parseLong(id),
        keyword,
        sessionId,
        userId,
        submitted,
        keystrokes,
        typedAt,
        searchedAt,
        revision,
        amendedAt);
  }
}
