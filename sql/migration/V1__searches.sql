-- What people type, and what they searched for.
--
-- In all tables, text is compared byte by byte (_bin): letter case is folded by the application, into the columns named
-- folded, since the databases disagree on it. Times are UTC, by the clock of the database unless a comment says otherwise.
-- Texts that are part of keys have no blanks at their ends, since the _bin collations take 'a ' for 'a'.

CREATE TABLE search_staging (
  bucket       TINYINT UNSIGNED NOT NULL COMMENT 'of sessions: CRC32(CONCAT(tenant_id, '':'', session_id)) & 63; of writer threads: 64, with the number of their latest batch as keyword',
  tenant_id    INT              NOT NULL COMMENT 'tenant.id',
  session_id   VARCHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'by the client, for one visit of one person',
  user_id      VARCHAR(255)     NULL     COMMENT 'the latest known one, of keyword; each finished search has its own',
  keyword      VARCHAR(255)     NOT NULL COMMENT 'longest text of the search being typed',
  folded       VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case, for comparisons',
  step         TINYINT          NOT NULL DEFAULT 5 COMMENT 'what the newest keystroke did; if it was overtaken: 0 counted, 1 became keyword, 2 became a finished search, 3 both; otherwise: 4 keyword kept, 5 became keyword, 6 became keyword, and the former one was finished',
  shown_length SMALLINT         NOT NULL COMMENT 'characters of the text shown last',
  first_length SMALLINT         NOT NULL COMMENT 'characters of the first text of the row',
  rested       INT              NOT NULL DEFAULT 0 COMMENT 'milliseconds that the typist rested on keyword; 0: not yet',
  submitted    BOOLEAN          NOT NULL DEFAULT FALSE COMMENT 'whether Enter was pressed on keyword',
  finished     JSON             NULL     COMMENT 'searches completed before keyword, oldest first',
  completed    INT              NOT NULL DEFAULT 0 COMMENT 'number of searches in finished, at most 32',
  keystrokes   INT              NOT NULL DEFAULT 1 COMMENT 'keystrokes of this row',
  typed_at     DATETIME(3)      NULL     COMMENT 'newest keystroke by the clock of the client',
  waited       INT              NOT NULL DEFAULT 0 COMMENT 'milliseconds from the arrival of the newest keystroke to last_seen, which are not a pause of the typist',
  last_seen    DATETIME(3)      NOT NULL COMMENT 'time when the newest keystroke was written, by the clock of the database; used for ageing',
  refused      VARCHAR(255)     NULL     COMMENT 'why promotion cannot log the row, which it ignores until this is set to NULL',
  PRIMARY KEY (bucket, tenant_id, session_id) COMMENT 'the upsert; there is no other key, so that it costs nothing else'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'one row per session that is typing now, and one per writer thread';

CREATE TABLE search_log (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in search_staging',
  id          BIGINT           NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases within a session',
  searched_at DATETIME(3)      NOT NULL COMMENT 'last keystroke of the search',
  tenant_id   INT              NOT NULL COMMENT 'tenant.id',
  session_id  VARCHAR(64)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as in search_staging',
  user_id     VARCHAR(255)     NULL     COMMENT 'who was logged in, NULL: nobody',
  keyword     VARCHAR(255)     NOT NULL COMMENT 'as typed',
  folded      VARCHAR(255)     NOT NULL COMMENT 'keyword without letter case',
  submitted   BOOLEAN          NOT NULL COMMENT 'whether Enter was pressed',
  keystrokes  INT              NOT NULL COMMENT 'number of keystrokes that it took',
  typed_at    DATETIME(3)      NULL     COMMENT 'last keystroke by the clock of the client',
  PRIMARY KEY (bucket, id, searched_at) COMMENT 'the feed reads rows by it; searched_at determines the partition',
  KEY newest (tenant_id, searched_at, id) COMMENT 'GET /searches: newest first, time range',
  KEY by_keyword (tenant_id, folded, searched_at, id, session_id, user_id) COMMENT 'GET /searches?starts_with=; sessions and users of a keyword',
  KEY by_user (tenant_id, user_id, searched_at, id) COMMENT 'GET /searches?user_id=; erasure',
  KEY by_session (tenant_id, session_id, searched_at, id) COMMENT 'GET /searches?session_id=; promotion looks back'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'searches; append-only'
PARTITION BY RANGE COLUMNS (searched_at) (
  PARTITION p_max VALUES LESS THAN (MAXVALUE)
);
