-- One job keeps these counts by following the feeds. Ingest and promotion no longer write them.

CREATE TABLE recount_day (
  day DATE NOT NULL,
  PRIMARY KEY (day)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'days that the rollup will recount from the logs; empty, except after an upgrade';

INSERT INTO recount_day (day) SELECT day FROM daily_search UNION SELECT day FROM daily_topic;

CREATE TABLE rollup_head (
  feed         TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  position     BIGINT           NOT NULL COMMENT 'last counted position; all rows are locked while some are counted',
  as_of        DATETIME(3)      NOT NULL COMMENT 'everything committed before this time is counted',
  past_changes BIGINT           NOT NULL DEFAULT 0 COMMENT 'transactions that changed counts of an earlier day than their own',
  log_since    DATE             NULL     COMMENT 'first day whose rows are all in the log, since retention has dropped older ones; NULL: all days',
  PRIMARY KEY (feed)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'how far the counts have followed each feed';

-- Retention drops whole months and keeps counts. So if there are counts before the oldest row, its month is the first
-- that is complete.
INSERT INTO rollup_head (feed, position, as_of, log_since)
SELECT h.feed, h.last_position, UTC_TIMESTAMP(3),
       IF(counted.oldest IS NULL OR counted.oldest >= logged.oldest, NULL,
          COALESCE(logged.oldest, UTC_DATE()) - INTERVAL DAYOFMONTH(COALESCE(logged.oldest, UTC_DATE())) - 1 DAY)
FROM feed_head h
JOIN (SELECT 1 AS feed, MIN(day) AS oldest FROM daily_search
      UNION ALL SELECT 2, MIN(day) FROM daily_topic WHERE events > 0) AS counted ON counted.feed = h.feed
JOIN (SELECT 1 AS feed, DATE(MIN(searched_at)) AS oldest FROM search_log
      UNION ALL SELECT 2, DATE(MIN(occurred_at)) FROM event_log) AS logged ON logged.feed = h.feed;

RENAME TABLE daily_search TO daily_search_by_bucket;

CREATE TABLE daily_search (
  tenant_id  INT          NOT NULL,
  day        DATE         NOT NULL,
  folded     VARCHAR(255) NOT NULL COMMENT 'keyword without letter case',
  searches   BIGINT       NOT NULL,
  keystrokes BIGINT       NOT NULL,
  PRIMARY KEY (tenant_id, day, folded) COMMENT 'top searches of some days; the days of one keyword'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches per day and keyword; kept by the rollup';

CREATE TABLE hourly_search (
  tenant_id  INT      NOT NULL,
  hour       DATETIME NOT NULL COMMENT 'its start',
  searches   BIGINT   NOT NULL,
  keystrokes BIGINT   NOT NULL,
  PRIMARY KEY (tenant_id, hour) COMMENT 'totals, searches over time'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches per hour; kept by the rollup';

-- Counts of dropped rows are kept. Their hours are unknown.
INSERT INTO daily_search (tenant_id, day, folded, searches, keystrokes)
SELECT tenant_id, day, folded, SUM(searches), SUM(keystrokes)
FROM daily_search_by_bucket
WHERE day < (SELECT log_since FROM rollup_head WHERE feed = 1)
GROUP BY tenant_id, day, folded;

INSERT INTO hourly_search (tenant_id, hour, searches, keystrokes)
SELECT tenant_id, day, SUM(searches), SUM(keystrokes) FROM daily_search GROUP BY tenant_id, day;

DROP TABLE daily_search_by_bucket;
DROP TABLE daily_user;

CREATE TABLE user_number (
  tenant_id INT          NOT NULL,
  number    INT          NOT NULL COMMENT 'from 0, in the order in which users were first counted',
  user_id   VARCHAR(255) NOT NULL,
  PRIMARY KEY (tenant_id, number),
  UNIQUE KEY by_user (tenant_id, user_id) COMMENT 'which number has this user?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'a small number for each user, for the bitmaps in active_user';

CREATE TABLE active_user (
  tenant_id INT               NOT NULL,
  kind      TINYINT UNSIGNED  NOT NULL COMMENT '0: any activity, 1: searches, 2: events, 3: events of a topic',
  topic     VARCHAR(255)      NOT NULL COMMENT 'empty, except for kind 3',
  day       DATE              NOT NULL,
  chunk     SMALLINT UNSIGNED NOT NULL COMMENT 'user_number.number >> 16',
  users     INT               NOT NULL COMMENT 'bits in bitmap',
  bitmap    BLOB              NOT NULL COMMENT 'Roaring bitmap of user_number.number & 65535, at most 8 KiB',
  PRIMARY KEY (tenant_id, kind, topic, day, chunk) COMMENT 'active users, retention',
  KEY by_day (day) COMMENT 'recount of a day'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'users who were active on a day; kept by the rollup';
