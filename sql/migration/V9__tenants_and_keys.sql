-- Tenants, and the API keys by which they are known.

CREATE TABLE tenant (
  id         INT         NOT NULL AUTO_INCREMENT,
  name       VARCHAR(64) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY by_name (name) COMMENT 'a name is used once; lists are in this order'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'owners of rows; the first one owns what comes without a key';

INSERT INTO tenant (id, name, created_at) VALUES (1, 'default', UTC_TIMESTAMP(3));

CREATE TABLE api_key (
  id           CHAR(12)     NOT NULL COMMENT 'the readable part of the key, lw_<id>_<secret>',
  tenant_id    INT          NOT NULL,
  secret_hash  BINARY(32)   NOT NULL COMMENT 'SHA-256 of the 256 random bits of the secret, which is not stored',
  scopes       SET ('write', 'read', 'admin') NOT NULL,
  label        VARCHAR(100) NOT NULL COMMENT 'who uses it, for people',
  created_at   DATETIME(3)  NOT NULL,
  expires_at   DATETIME(3)  NULL COMMENT 'NULL: never',
  last_used_at DATETIME(3)  NULL COMMENT 'to a minute',
  revoked_at   DATETIME(3)  NULL COMMENT 'nodes refuse it within five seconds',
  PRIMARY KEY (id) COMMENT 'the key of a request',
  KEY by_tenant (tenant_id, created_at, id) COMMENT 'GET /admin/keys'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'API keys. With the first row, requests without a key are refused; revoke keys instead of deleting them';
