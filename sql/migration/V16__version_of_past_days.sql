-- A version that never returns, also after a restore.

ALTER TABLE rollup_head
  MODIFY COLUMN past_changes BIGINT NOT NULL DEFAULT 0 COMMENT 'version of the counts of past days: milliseconds since 1970 of their latest change, or one more than before';
