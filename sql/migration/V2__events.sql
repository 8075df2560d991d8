-- Any other event, exactly once. Ids of events, topics, users and sources are trimmed, since the _bin
-- collations take 'a ' for 'a'. The keys stay below the 3,072 bytes that MySQL allows an index.

CREATE TABLE event_key (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, \':\', topic, \':\', event_id)) & 63',
  tenant_id   INT              NOT NULL,
  topic       VARCHAR(255)     NOT NULL,
  event_id    VARCHAR(255)     NOT NULL COMMENT 'by the sender, or given by the server',
  id          BIGINT           NOT NULL COMMENT 'event_log.id of the first one',
  batch       BIGINT           NOT NULL COMMENT 'the transaction that stored it: node << 32, then a sequence',
  occurred_at DATETIME(3)      NOT NULL COMMENT 'event_log.occurred_at of the first one',
  content     INT UNSIGNED     NOT NULL COMMENT 'CRC-32C of what the first one said',
  PRIMARY KEY (bucket, tenant_id, topic, event_id) COMMENT 'is it new? read back, 409',
  KEY by_age (id) COMMENT 'the keys older than the dedup window; rises, so that it costs little'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'the authority on duplicates; kept for the dedup window';

CREATE TABLE event_log (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in event_key',
  id          BIGINT           NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; rises on a node',
  occurred_at DATETIME(3)      NOT NULL COMMENT 'by the sender; else when the database got it',
  tenant_id   INT              NOT NULL,
  topic       VARCHAR(255)     NOT NULL,
  event_id    VARCHAR(255)     NOT NULL,
  source      VARCHAR(255)     NULL,
  user_id     VARCHAR(255)     NULL,
  session_id  VARCHAR(255)     NULL,
  level       VARCHAR(32)      NULL     COMMENT 'as sent: INFO, info, 30, ...',
  value       DECIMAL(30, 9)   NULL     COMMENT 'a number to be added up; decimal, so that sums are exact',
  message     TEXT             NULL     COMMENT 'the line of a log',
  payload     JSON             NULL     COMMENT 'what the sender said beyond the columns',
  received_at DATETIME(3)      NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (bucket, id, occurred_at),
  KEY newest (tenant_id, occurred_at, id) COMMENT 'GET /events: newest first, time range',
  KEY by_topic (tenant_id, topic, occurred_at, id) COMMENT 'GET /events?topic=',
  KEY by_source (tenant_id, source, occurred_at, id) COMMENT 'GET /events?source=',
  KEY by_user (tenant_id, user_id, occurred_at, id) COMMENT 'GET /events?user_id=; erasure',
  KEY by_session (tenant_id, session_id, occurred_at, id) COMMENT 'GET /events?session_id='
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'what happened; append only'
PARTITION BY RANGE COLUMNS (occurred_at) (
  PARTITION p_max VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE daily_topic (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'event_log.bucket & 7: few rows, yet writers seldom meet on one',
  tenant_id   INT              NOT NULL,
  day         DATE             NOT NULL,
  topic       VARCHAR(255)     NOT NULL,
  events      BIGINT           NOT NULL COMMENT 'stored in event_log',
  duplicates  BIGINT           NOT NULL COMMENT 'came again and were dropped',
  changed     BIGINT           NOT NULL COMMENT 'of the duplicates, those that said something else than the first',
  rejected    BIGINT           NOT NULL COMMENT 'were not valid or could not be stored',
  value_count BIGINT           NOT NULL COMMENT 'events with a value',
  value_sum   DECIMAL(48, 9)   NOT NULL,
  value_min   DECIMAL(30, 9)   NULL,
  value_max   DECIMAL(30, 9)   NULL,
  PRIMARY KEY (bucket, tenant_id, day, topic) COMMENT 'ingest adds to it'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'events per day and topic, exact: kept by the transaction that adds to event_log';

CREATE TABLE daily_user (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in daily_topic: a user has up to eight rows',
  tenant_id   INT              NOT NULL,
  day         DATE             NOT NULL,
  topic       VARCHAR(255)     NOT NULL,
  user_id     VARCHAR(255)     NOT NULL,
  events      BIGINT           NOT NULL,
  value_count BIGINT           NOT NULL,
  value_sum   DECIMAL(48, 9)   NOT NULL,
  value_min   DECIMAL(30, 9)   NULL,
  value_max   DECIMAL(30, 9)   NULL,
  PRIMARY KEY (bucket, tenant_id, day, topic, user_id) COMMENT 'ingest adds to it'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'events per day, topic and user; events without a user are not in it';

CREATE TABLE rejected_event (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in event_key',
  tenant_id   INT              NOT NULL,
  id          BIGINT           NOT NULL COMMENT 'the id it would have had',
  rejected_at DATETIME(3)      NOT NULL,
  topic       VARCHAR(255)     NOT NULL,
  event_id    VARCHAR(255)     NOT NULL,
  reason      VARCHAR(255)     NOT NULL,
  event       MEDIUMTEXT       NOT NULL COMMENT 'all of it, as JSON that POST /events takes; text, so that nothing refuses it',
  PRIMARY KEY (bucket, tenant_id, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'dead letters: valid events that the database refused';

CREATE TABLE idempotency_key (
  bucket     TINYINT UNSIGNED NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, \':\', idem_key)) & 63',
  tenant_id  INT              NOT NULL,
  idem_key   VARCHAR(255)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request    BINARY(32)       NOT NULL COMMENT 'SHA-256 of the request',
  owner      BIGINT           NOT NULL COMMENT 'which call works on it',
  started_at DATETIME(3)      NOT NULL,
  status     SMALLINT         NULL     COMMENT 'of the answer; NULL while it is under way',
  answer     MEDIUMTEXT       NULL,
  PRIMARY KEY (bucket, tenant_id, idem_key) COMMENT 'the answer to a request sent again',
  KEY by_age (started_at) COMMENT 'those older than a day are deleted'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'requests with an Idempotency-Key of the last 24 hours, and their answers';
