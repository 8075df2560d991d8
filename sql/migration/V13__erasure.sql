-- Removing a person.

CREATE TABLE erasure (
  id           BIGINT       NOT NULL AUTO_INCREMENT,
  tenant_id    INT          NOT NULL,
  user_id      VARCHAR(255) NULL COMMENT 'who is erased; NULL as soon as it is done',
  from_time    DATETIME(3)  NULL COMMENT 'only rows from this time on',
  to_time      DATETIME(3)  NULL COMMENT 'only rows before this time',
  requested_at DATETIME(3)  NOT NULL COMMENT 'what the user does later stays',
  actor        VARCHAR(100) NOT NULL COMMENT 'as in admin_audit',
  finished_at  DATETIME(3)  NULL COMMENT 'NULL: nodes still work on it',
  staged       BIGINT       NOT NULL DEFAULT 0 COMMENT 'deleted rows of search_staging',
  searches     BIGINT       NOT NULL DEFAULT 0 COMMENT 'of search_log',
  events       BIGINT       NOT NULL DEFAULT 0 COMMENT 'of event_log, with their rows of event_key',
  dead_letters BIGINT       NOT NULL DEFAULT 0 COMMENT 'of rejected_event',
  answers      BIGINT       NOT NULL DEFAULT 0 COMMENT 'of idempotency_key',
  active_days  BIGINT       NOT NULL DEFAULT 0 COMMENT 'bitmaps of active_user that the user was removed from',
  PRIMARY KEY (id),
  KEY by_tenant (tenant_id, id) COMMENT 'GET /admin/erasures',
  KEY by_end (finished_at, id) COMMENT 'what is there to do? what was done last?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'receipts: what was erased, without whose it was; never deleted';
