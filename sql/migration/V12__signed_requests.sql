-- Keys that sign requests instead of being sent with them.

ALTER TABLE api_key
  ADD COLUMN signing_secret BINARY(32) NULL COMMENT 'NULL: the key is sent. Otherwise its secret, without which signatures cannot be checked'
    AFTER secret_hash;
