-- Text is compared byte by byte (_bin): letter case is folded by the application, into the columns
-- named folded, since the databases disagree on it. Times are UTC and come from the database.

CREATE TABLE search_staging (
  bucket       TINYINT UNSIGNED NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, \':\', session_id)) & 63',
  tenant_id    INT              NOT NULL,
  session_id   VARCHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id      VARCHAR(255)     NULL     COMMENT 'the latest known one',
  keyword      VARCHAR(255)     NOT NULL COMMENT 'longest text of the search being typed',
  folded       VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case: what comparisons go by',
  step         TINYINT          NOT NULL DEFAULT 5 COMMENT 'what the newest keystroke did; overtaken: 0 counted, 1 became keyword, 2 finished itself, 3 both; else: 4 keyword kept, 5 became keyword, 6 and keyword was finished',
  shown_length SMALLINT         NOT NULL COMMENT 'characters of the text shown last',
  first_length SMALLINT         NOT NULL COMMENT 'characters of the first text of the row',
  rested       INT              NOT NULL DEFAULT 0 COMMENT 'milliseconds that the typist rested on keyword; 0: not yet',
  submitted    BOOLEAN          NOT NULL DEFAULT FALSE COMMENT 'Enter was pressed on keyword',
  finished     JSON             NULL     COMMENT 'searches completed before keyword, oldest first',
  keystrokes   INT              NOT NULL DEFAULT 1 COMMENT 'all that reached this row',
  typed_at     DATETIME(3)      NULL     COMMENT 'newest keystroke by the clock of the client',
  last_seen    DATETIME(3)      NOT NULL COMMENT 'newest keystroke by the clock of the database; ageing goes by it',
  PRIMARY KEY (bucket, tenant_id, session_id) COMMENT 'the upsert; there is no other key, so that it costs nothing else'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'one row per session that is typing now';

CREATE TABLE search_log (
  bucket      TINYINT UNSIGNED NOT NULL,
  id          BIGINT           NOT NULL COMMENT 'milliseconds since 1970 << 22, then a sequence; rises within a session',
  searched_at DATETIME(3)      NOT NULL COMMENT 'last keystroke of the search',
  tenant_id   INT              NOT NULL,
  session_id  VARCHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id     VARCHAR(255)     NULL,
  keyword     VARCHAR(255)     NOT NULL COMMENT 'as typed',
  folded      VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case',
  submitted   BOOLEAN          NOT NULL COMMENT 'Enter was pressed on it',
  keystrokes  INT              NOT NULL COMMENT 'what it took to type',
  typed_at    DATETIME(3)      NULL     COMMENT 'last keystroke by the clock of the client',
  PRIMARY KEY (bucket, id, searched_at),
  KEY newest (tenant_id, searched_at, id) COMMENT 'GET /searches: newest first, time range',
  KEY by_keyword (tenant_id, folded, searched_at, id) COMMENT 'GET /searches?q=: who searched for it',
  KEY by_user (tenant_id, user_id, searched_at, id) COMMENT 'GET /searches?user_id=; erasure',
  KEY by_session (tenant_id, session_id, searched_at, id) COMMENT 'GET /searches?session_id=; promotion looks back'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'what people searched for; append only'
PARTITION BY RANGE COLUMNS (searched_at) (
  PARTITION p_max VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE daily_search (
  bucket     TINYINT UNSIGNED NOT NULL COMMENT 'of the session, so that promoters do not meet on a row',
  tenant_id  INT              NOT NULL,
  day        DATE             NOT NULL,
  folded     VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case',
  searches   BIGINT           NOT NULL,
  keystrokes BIGINT           NOT NULL,
  PRIMARY KEY (bucket, tenant_id, day, folded) COMMENT 'promotion adds to it'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches per day and keyword, exact: kept by the transaction that adds to search_log';

CREATE TABLE shedlock (
  name       VARCHAR(64)  NOT NULL,
  lock_until DATETIME(3)  NOT NULL,
  locked_at  DATETIME(3)  NOT NULL,
  locked_by  VARCHAR(255) NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'which node runs which job; written by ShedLock';
