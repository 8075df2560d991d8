-- Finished searches keep their user, and none is dropped: a full row is promoted before more is written to it.

ALTER TABLE search_staging
  MODIFY COLUMN user_id VARCHAR(255) NULL COMMENT 'the latest known one, of keyword; each finished search has its own',
  MODIFY COLUMN completed INT NOT NULL DEFAULT 0 COMMENT 'number of searches in finished, at most 32';
