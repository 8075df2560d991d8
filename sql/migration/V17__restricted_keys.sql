-- Keys that may write some topics only, or from pages of some origins only; and requests of keys that can only write, apart.

ALTER TABLE api_key
  ADD COLUMN topics  MEDIUMTEXT NULL COMMENT 'of the events that it may write, one on each line; NULL: all' AFTER scopes,
  ADD COLUMN origins TEXT       NULL COMMENT 'of the pages that may use it, one on each line; NULL: anyone' AFTER topics;

ALTER TABLE idempotency_key
  MODIFY COLUMN idem_key VARCHAR(280) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    COMMENT 'as sent; after the id of the API key and a colon, if that can only write';

ALTER TABLE admin_audit
  MODIFY COLUMN detail MEDIUMTEXT NOT NULL;
