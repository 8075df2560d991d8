-- Answers about searches: keywords are found by their magnitude, their users and sessions on an index alone. Frequent events
-- are read from one row per day and topic.

ALTER TABLE daily_search
  ADD COLUMN magnitude TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'binary digits of searches';

UPDATE daily_search SET magnitude = LENGTH(BIN(searches));

ALTER TABLE daily_search
  ALTER COLUMN magnitude DROP DEFAULT,
  ADD KEY by_magnitude (tenant_id, magnitude, day) COMMENT 'top searches: the keywords with most searches on a day';

ALTER TABLE search_log
  DROP KEY by_keyword,
  ADD KEY by_keyword (tenant_id, folded, searched_at, id, session_id, user_id)
    COMMENT 'GET /searches?starts_with=; sessions and users of a keyword';

CREATE TABLE daily_session (
  tenant_id INT    NOT NULL,
  day       DATE   NOT NULL,
  sessions  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day) COMMENT 'sessions per day'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'sessions that searched on a day that is over; counted anew after its searches have changed';

CREATE TABLE daily_event (
  tenant_id INT          NOT NULL,
  day       DATE         NOT NULL,
  topic     VARCHAR(255) NOT NULL,
  events    BIGINT       NOT NULL,
  PRIMARY KEY (tenant_id, day, topic) COMMENT 'top events'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'events per day and topic; kept by the rollup. daily_topic has the same in eight rows, and what was not stored';

-- Counts of dropped rows are kept; all others are counted from the log.
INSERT INTO daily_event (tenant_id, day, topic, events)
SELECT tenant_id, day, topic, SUM(events)
FROM daily_topic
WHERE day < (SELECT log_since FROM rollup_head WHERE feed = 2) AND events > 0
GROUP BY tenant_id, day, topic;

INSERT IGNORE INTO recount_day (day) SELECT day FROM daily_topic WHERE events <> 0;
