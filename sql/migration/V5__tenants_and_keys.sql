-- Tenants, the API keys by which they are known, and what administrators did.

CREATE TABLE tenant (
  id         INT         NOT NULL AUTO_INCREMENT COMMENT 'tenant_id of all other tables',
  name       VARCHAR(64) NOT NULL COMMENT 'by which commands and administrators call it',
  created_at DATETIME(3) NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (id) COMMENT 'the tenant of a key',
  UNIQUE KEY by_name (name) COMMENT 'a name is used once; lists are in this order'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'owners of rows; the first one owns what comes without a key';

CREATE TABLE api_key (
  id             CHAR(12)     NOT NULL COMMENT 'the readable part of the key, lw_<id>_<secret>',
  tenant_id      INT          NOT NULL COMMENT 'whose rows it may read and write',
  secret_hash    BINARY(32)   NOT NULL COMMENT 'SHA-256 of the 256 random bits of the secret, which is not stored',
  signing_secret BINARY(32)   NULL     COMMENT 'NULL: the key is sent. Otherwise its secret, without which signatures cannot be checked',
  scopes         SET ('write', 'read', 'admin') NOT NULL COMMENT 'what it may do',
  topics         MEDIUMTEXT   NULL     COMMENT 'of the events that it may write, one on each line; NULL: all',
  origins        TEXT         NULL     COMMENT 'of the pages that may use it, one on each line; NULL: anyone',
  label          VARCHAR(100) NOT NULL COMMENT 'who uses it, for people',
  created_at     DATETIME(3)  NOT NULL COMMENT 'by the clock of the database',
  expires_at     DATETIME(3)  NULL     COMMENT 'NULL: never',
  last_used_at   DATETIME(3)  NULL     COMMENT 'to a minute',
  revoked_at     DATETIME(3)  NULL     COMMENT 'nodes refuse it within five seconds',
  PRIMARY KEY (id) COMMENT 'the key of a request',
  KEY by_tenant (tenant_id, created_at, id) COMMENT 'GET /admin/keys'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'API keys. With the first row, requests without a key are refused; revoke keys instead of deleting them';

CREATE TABLE token_key (
  day    DATE       NOT NULL COMMENT 'in UTC',
  id     CHAR(12)   NOT NULL COMMENT 'names the key in a token',
  secret BINARY(32) NOT NULL COMMENT 'of HMAC-SHA256',
  PRIMARY KEY (day) COMMENT 'all nodes sign with the key of today',
  UNIQUE KEY by_id (id) COMMENT 'the key of a token'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'a key for each day on which tokens were issued; deleted after two days. Deleting it ends all of its tokens';

CREATE TABLE browser_session (
  id         CHAR(12)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'random; part of the token in the cookie, which is signed',
  key_id     CHAR(12)    NOT NULL COMMENT 'the API key that began it',
  expires_at DATETIME(3) NOT NULL COMMENT 'when it ends, unless someone ends it before',
  PRIMARY KEY (id) COMMENT 'is the session of a request open?',
  KEY by_key (key_id) COMMENT 'end all sessions of a key',
  KEY by_end (expires_at) COMMENT 'delete those that have expired'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'sessions of pages that are open; deleting a row ends it within five seconds';

CREATE TABLE admin_audit (
  id        BIGINT       NOT NULL AUTO_INCREMENT COMMENT 'rises with time',
  done_at   DATETIME(3)  NOT NULL COMMENT 'by the clock of the database',
  tenant_id INT          NOT NULL COMMENT 'the tenant that it was about',
  actor     VARCHAR(100) NOT NULL COMMENT 'id of an API key; cli: and a user of the system; or anyone, while the service was open',
  action    VARCHAR(32)  NOT NULL COMMENT 'such as key.create',
  subject   VARCHAR(100) NOT NULL COMMENT 'such as the id of the key',
  detail    MEDIUMTEXT   NOT NULL COMMENT 'what else is worth knowing, for people',
  PRIMARY KEY (id) COMMENT 'newest first, of all tenants',
  KEY by_tenant (tenant_id, id) COMMENT 'GET /admin/audit'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'what administrators did, in the transaction that did it; never deleted';

CREATE TABLE erasure (
  id           BIGINT       NOT NULL AUTO_INCREMENT COMMENT 'number of the receipt',
  tenant_id    INT          NOT NULL COMMENT 'tenant.id',
  user_id      VARCHAR(255) NULL     COMMENT 'who is erased; NULL as soon as it is done',
  from_time    DATETIME(3)  NULL     COMMENT 'only rows from this time on',
  to_time      DATETIME(3)  NULL     COMMENT 'only rows before this time',
  requested_at DATETIME(3)  NOT NULL COMMENT 'what the user does later stays',
  actor        VARCHAR(100) NOT NULL COMMENT 'as in admin_audit',
  finished_at  DATETIME(3)  NULL     COMMENT 'NULL: nodes still work on it',
  staged       BIGINT       NOT NULL DEFAULT 0 COMMENT 'deleted rows of search_staging',
  searches     BIGINT       NOT NULL DEFAULT 0 COMMENT 'of search_log',
  events       BIGINT       NOT NULL DEFAULT 0 COMMENT 'of event_log, with their rows of event_key',
  dead_letters BIGINT       NOT NULL DEFAULT 0 COMMENT 'of rejected_event',
  answers      BIGINT       NOT NULL DEFAULT 0 COMMENT 'of idempotency_key',
  active_days  BIGINT       NOT NULL DEFAULT 0 COMMENT 'bitmaps of active_user that the user was removed from',
  PRIMARY KEY (id) COMMENT 'GET /admin/erasures/{id}',
  KEY by_tenant (tenant_id, id) COMMENT 'GET /admin/erasures',
  KEY by_end (finished_at, id) COMMENT 'what is there to do? what was done last?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'receipts: what was erased, without whose it was; never deleted';

INSERT INTO tenant (id, name, created_at) VALUES (1, 'default', UTC_TIMESTAMP(3));
