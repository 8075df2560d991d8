package dev.lastword.query;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session that is typing now.
 *
 * @param sessionId the session
 * @param userId its user, null if nobody is logged in
 * @param keyword the longest text of the search being typed
 * @param keystrokes number of keystrokes
 * @param rested whether the typist paused on the keyword
 * @param submitted whether Enter was pressed on the keyword
 * @param finished the searches completed before the keyword, oldest first
 * @param typedAt time of the newest keystroke by the clock of the client, null if the client sends
 *     none
 * @param lastSeen time of the newest keystroke by the clock of the database
 * @param ageMs milliseconds since then, by the same clock
 */
@Serdeable.Serializable(naming = SnakeCaseStrategy.class)
record StagedSession(
    String sessionId,
    @Nullable String userId,
    String keyword,
    int keystrokes,
    boolean rested,
    boolean submitted,
    List<String> finished,
    @Nullable Instant typedAt,
    Instant lastSeen,
    long ageMs) {

  /**
   * The sessions that typed last.
   *
   * @param debounceMs milliseconds of silence after which a session's searches are logged
   */
  @Serdeable.Serializable(naming = SnakeCaseStrategy.class)
  record Page(List<StagedSession> items, long debounceMs) {}
}
