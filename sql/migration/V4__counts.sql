-- Exact counts, from which questions are answered. Ingest writes daily_topic; one job keeps all others by following the feeds.

CREATE TABLE rollup_head (
  feed         TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  position     BIGINT           NOT NULL COMMENT 'last counted position; all rows are locked while some are counted',
  as_of        DATETIME(3)      NOT NULL COMMENT 'everything committed before this time is counted',
  past_changes BIGINT           NOT NULL DEFAULT 0 COMMENT 'version of the counts of past days: milliseconds since 1970 of their latest change, or one more than before',
  log_since    DATE             NULL     COMMENT 'first day whose rows are all in the log, since retention has dropped older ones; NULL: all days',
  counts_since DATE             NULL     COMMENT 'first day whose counts are all kept, since retention has dropped older ones; NULL: all days',
  PRIMARY KEY (feed) COMMENT 'locked while rows are counted'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'how far the counts have followed each feed';

CREATE TABLE daily_search (
  tenant_id  INT              NOT NULL COMMENT 'tenant.id',
  day        DATE             NOT NULL COMMENT 'of UTC',
  folded     VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case',
  searches   BIGINT           NOT NULL COMMENT 'number of rows in search_log',
  keystrokes BIGINT           NOT NULL COMMENT 'sum of those of the rows',
  magnitude  TINYINT UNSIGNED NOT NULL COMMENT 'binary digits of searches',
  PRIMARY KEY (tenant_id, day, folded) COMMENT 'top searches of some days; the days of one keyword',
  KEY by_magnitude (tenant_id, magnitude, day) COMMENT 'top searches: the keywords with most searches on a day'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches per day and keyword; kept by the rollup';

CREATE TABLE hourly_search (
  tenant_id  INT      NOT NULL COMMENT 'tenant.id',
  hour       DATETIME NOT NULL COMMENT 'its start',
  searches   BIGINT   NOT NULL COMMENT 'number of rows in search_log',
  keystrokes BIGINT   NOT NULL COMMENT 'sum of those of the rows',
  PRIMARY KEY (tenant_id, hour) COMMENT 'totals, searches over time'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches per hour; kept by the rollup';

CREATE TABLE daily_session (
  tenant_id INT    NOT NULL COMMENT 'tenant.id',
  day       DATE   NOT NULL COMMENT 'of UTC',
  sessions  BIGINT NOT NULL COMMENT 'number of different ones in search_log',
  PRIMARY KEY (tenant_id, day) COMMENT 'sessions per day'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'sessions that searched on a day that is over; counted anew after its searches have changed';

CREATE TABLE daily_topic (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'event_log.bucket & 7: few rows, with little contention of writers',
  tenant_id   INT              NOT NULL COMMENT 'tenant.id',
  day         DATE             NOT NULL COMMENT 'of UTC: of occurred_at, or of the arrival of a rejected event',
  topic       VARCHAR(255)     NOT NULL COMMENT 'as in event_log, or other for events with in_other',
  events      BIGINT           NOT NULL COMMENT 'stored in event_log',
  duplicates  BIGINT           NOT NULL COMMENT 'dropped, because they were stored before',
  changed     BIGINT           NOT NULL COMMENT 'duplicates with different content',
  rejected    BIGINT           NOT NULL COMMENT 'not valid, or refused by the database',
  value_count BIGINT           NOT NULL COMMENT 'events with a value',
  value_sum   DECIMAL(48, 9)   NOT NULL COMMENT 'of these values',
  value_min   DECIMAL(30, 9)   NULL     COMMENT 'of these values',
  value_max   DECIMAL(30, 9)   NULL     COMMENT 'of these values',
  PRIMARY KEY (tenant_id, day, topic, bucket) COMMENT 'ingest adds to it; GET /stats, averages per day'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'exact events per day and topic, written in the transaction that inserts into event_log';

CREATE TABLE daily_event (
  tenant_id INT          NOT NULL COMMENT 'tenant.id',
  day       DATE         NOT NULL COMMENT 'of UTC',
  topic     VARCHAR(255) NOT NULL COMMENT 'as in daily_topic',
  events    BIGINT       NOT NULL COMMENT 'stored in event_log',
  PRIMARY KEY (tenant_id, day, topic) COMMENT 'top events'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'events per day and topic; kept by the rollup. daily_topic has the same in eight rows, and what was not stored';

CREATE TABLE user_number (
  tenant_id INT          NOT NULL COMMENT 'tenant.id',
  number    INT          NOT NULL COMMENT 'from 0, in the order in which users were first counted',
  user_id   VARCHAR(255) NOT NULL COMMENT 'as in the logs',
  PRIMARY KEY (tenant_id, number) COMMENT 'which user has this number?',
  UNIQUE KEY by_user (tenant_id, user_id) COMMENT 'which number has this user?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'a small number for each user, for the bitmaps in active_user';

CREATE TABLE active_user (
  tenant_id INT               NOT NULL COMMENT 'tenant.id',
  kind      TINYINT UNSIGNED  NOT NULL COMMENT '0: any activity, 1: searches, 2: events, 3: events of a topic',
  topic     VARCHAR(255)      NOT NULL COMMENT 'empty, except for kind 3',
  day       DATE              NOT NULL COMMENT 'of UTC',
  chunk     SMALLINT UNSIGNED NOT NULL COMMENT 'user_number.number >> 16',
  users     INT               NOT NULL COMMENT 'bits in bitmap',
  bitmap    BLOB              NOT NULL COMMENT 'Roaring bitmap of user_number.number & 65535, at most 8 KiB',
  PRIMARY KEY (tenant_id, kind, topic, day, chunk) COMMENT 'active users, retention',
  KEY by_day (day) COMMENT 'recount and retention of days'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'users who were active on a day; kept by the rollup';

INSERT INTO rollup_head (feed, position, as_of) VALUES (1, 0, UTC_TIMESTAMP(3)), (2, 0, UTC_TIMESTAMP(3));
