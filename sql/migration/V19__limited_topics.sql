-- Topics beyond the limit of a day are counted together. Each event says so, so that recount and erasure need not guess.

ALTER TABLE event_log
  ADD COLUMN in_other BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'counted as topic other, because its day had too many topics';
