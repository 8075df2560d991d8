-- What administrators did.

CREATE TABLE admin_audit (
  id        BIGINT       NOT NULL AUTO_INCREMENT,
  done_at   DATETIME(3)  NOT NULL,
  tenant_id INT          NOT NULL COMMENT 'the tenant that it was about',
  actor     VARCHAR(100) NOT NULL COMMENT 'id of an API key; cli: and a user of the system; or anyone, while the service was open',
  action    VARCHAR(32)  NOT NULL COMMENT 'such as key.create',
  subject   VARCHAR(100) NOT NULL COMMENT 'such as the id of the key',
  detail    VARCHAR(255) NOT NULL,
  PRIMARY KEY (id),
  KEY by_tenant (tenant_id, id) COMMENT 'GET /admin/audit'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'what administrators did, in the transaction that did it; never deleted';
