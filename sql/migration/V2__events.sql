-- Any other event, exactly once. The keys stay below the 3,072 bytes that MySQL allows an index.

CREATE TABLE event_key (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, '':'', topic, '':'', event_id)) & 63',
  tenant_id   INT              NOT NULL COMMENT 'tenant.id',
  topic       VARCHAR(255)     NOT NULL COMMENT 'of the event',
  event_id    VARCHAR(255)     NOT NULL COMMENT 'by the sender, otherwise assigned',
  id          BIGINT           NOT NULL COMMENT 'event_log.id of the first event',
  occurred_at DATETIME(3)      NOT NULL COMMENT 'event_log.occurred_at of the first event',
  content     INT UNSIGNED     NOT NULL COMMENT 'CRC-32C of the content of the first event',
  PRIMARY KEY (bucket, tenant_id, topic, event_id) COMMENT 'is it new? read back, 409',
  KEY by_age (id) COMMENT 'the keys older than the dedup window; rises, so that it costs little'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'keys of stored events, for deduplication; kept for the dedup window';

CREATE TABLE event_log (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in event_key',
  id          BIGINT           NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases on a node',
  occurred_at DATETIME(3)      NOT NULL COMMENT 'by the sender, otherwise time of arrival',
  tenant_id   INT              NOT NULL COMMENT 'tenant.id',
  topic       VARCHAR(255)     NOT NULL COMMENT 'by the sender: what kind of event it is',
  in_other    BOOLEAN          NOT NULL DEFAULT FALSE COMMENT 'counted as topic other, because its day had too many topics',
  event_id    VARCHAR(255)     NOT NULL COMMENT 'as in event_key',
  source      VARCHAR(255)     NULL     COMMENT 'by the sender: the service or page that it is from',
  user_id     VARCHAR(255)     NULL     COMMENT 'who did it',
  session_id  VARCHAR(255)     NULL     COMMENT 'in which visit',
  level       VARCHAR(32)      NULL     COMMENT 'as sent: INFO, info, 30, ...',
  value       DECIMAL(30, 9)   NULL     COMMENT 'a number to aggregate; decimal, so that sums are exact',
  message     TEXT             NULL     COMMENT 'the log line',
  payload     JSON             NULL     COMMENT 'what the sender said beyond the columns',
  received_at DATETIME(3)      NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (bucket, id, occurred_at) COMMENT 'the feed reads rows by it; occurred_at determines the partition',
  KEY newest (tenant_id, occurred_at, id) COMMENT 'GET /events: newest first, time range',
  KEY by_topic (tenant_id, topic, occurred_at, id) COMMENT 'GET /events?topic=',
  KEY by_source (tenant_id, source, occurred_at, id) COMMENT 'GET /events?source=',
  KEY by_user (tenant_id, user_id, occurred_at, id) COMMENT 'GET /events?user_id=; erasure',
  KEY by_session (tenant_id, session_id, occurred_at, id) COMMENT 'GET /events?session_id='
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'events; append-only'
PARTITION BY RANGE COLUMNS (occurred_at) (
  PARTITION p_max VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE rejected_event (
  bucket      TINYINT UNSIGNED NOT NULL COMMENT 'as in event_key',
  tenant_id   INT              NOT NULL COMMENT 'tenant.id',
  id          BIGINT           NOT NULL COMMENT 'the id it would have had',
  rejected_at DATETIME(3)      NOT NULL COMMENT 'by the clock of the database',
  topic       VARCHAR(255)     NOT NULL COMMENT 'of the event',
  event_id    VARCHAR(255)     NOT NULL COMMENT 'of the event',
  reason      VARCHAR(255)     NOT NULL COMMENT 'what the database said',
  event       MEDIUMTEXT       NOT NULL COMMENT 'the whole event, as JSON for POST /events; text, so that nothing refuses it',
  PRIMARY KEY (bucket, tenant_id, id) COMMENT 'lastword rejected list and replay'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'dead letters: valid events that the database refused';

CREATE TABLE idempotency_key (
  bucket     TINYINT UNSIGNED NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, '':'', idem_key)) & 63',
  tenant_id  INT              NOT NULL COMMENT 'tenant.id',
  idem_key   VARCHAR(280)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as sent; after the id of the API key and a colon, if that can only write',
  request    BINARY(32)       NOT NULL COMMENT 'SHA-256 of the request',
  owner      BIGINT           NOT NULL COMMENT 'the request that holds the key',
  started_at DATETIME(3)      NOT NULL COMMENT 'when the request came, by the clock of the database',
  status     SMALLINT         NULL     COMMENT 'of the response; NULL while the request is in progress',
  answer     MEDIUMTEXT       NULL     COMMENT 'body of the response',
  PRIMARY KEY (bucket, tenant_id, idem_key) COMMENT 'the answer to a request sent again',
  KEY by_age (started_at) COMMENT 'those older than a day are deleted'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'requests with an Idempotency-Key of the last 24 hours, and their responses';
