-- The log amends its last search: what continues it within lastword.amend completes its row instead of adding another one.
-- A row keeps its id and searched_at, so it keeps its place among all others, its day and its partition.

ALTER TABLE search_log
  ADD COLUMN revision          INT          NOT NULL DEFAULT 0     COMMENT 'number of amendments',
  ADD COLUMN amended_at        DATETIME(3)  NULL                   COMMENT 'last keystroke of the latest amendment, by the clock of the database',
  ADD COLUMN former_folded     VARCHAR(255) NULL                   COMMENT 'folded before the amendment',
  ADD COLUMN former_keystrokes INT          NULL                   COMMENT 'keystrokes before the amendment',
  ADD COLUMN former_user_id    VARCHAR(255) NULL                   COMMENT 'user_id before the amendment',
  ADD COLUMN counted_as_former BOOLEAN      NOT NULL DEFAULT FALSE COMMENT 'whether the counts have the former values; until the rollup has passed the amendment';

ALTER TABLE search_log
  MODIFY COLUMN searched_at DATETIME(3) NOT NULL COMMENT 'last keystroke of the search when it was first logged',
  COMMENT 'searches; one row each, which amendments complete';

ALTER TABLE feed_outbox
  ADD COLUMN amends BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether the rows were in the log before, and have changed',
  MODIFY COLUMN id BIGINT NOT NULL COMMENT 'of the first row; a new one if the rows were amended or restored';

ALTER TABLE feed
  ADD COLUMN amends BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'as in feed_outbox';
