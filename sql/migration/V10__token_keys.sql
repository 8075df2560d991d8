-- Keys that sign access tokens.

CREATE TABLE token_key (
  day    DATE       NOT NULL COMMENT 'in UTC',
  id     CHAR(12)   NOT NULL COMMENT 'names the key in a token',
  secret BINARY(32) NOT NULL COMMENT 'of HMAC-SHA256',
  PRIMARY KEY (day) COMMENT 'all nodes sign with the key of today',
  UNIQUE KEY by_id (id) COMMENT 'the key of a token'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'a key for each day on which tokens were issued; deleted after two days. Deleting it ends all of its tokens';
