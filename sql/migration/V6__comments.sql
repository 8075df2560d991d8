-- Comments of tables and columns in plain English. No definition changes, so no table is copied.

ALTER TABLE search_staging
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'of sessions: CRC32(CONCAT(tenant_id, \':\', session_id)) & 63; of writer threads: 64, with the number of their latest batch as keyword',
  MODIFY COLUMN folded VARCHAR(255) NOT NULL COMMENT 'keyword without letter case, for comparisons',
  MODIFY COLUMN step TINYINT NOT NULL DEFAULT 5 COMMENT 'what the newest keystroke did; if it was overtaken: 0 counted, 1 became keyword, 2 became a finished search, 3 both; otherwise: 4 keyword kept, 5 became keyword, 6 became keyword, and the former one was finished',
  MODIFY COLUMN submitted BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether Enter was pressed on keyword',
  MODIFY COLUMN completed INT NOT NULL DEFAULT 0 COMMENT 'searches completed before keyword; finished has the first 32, the others are dropped and counted',
  MODIFY COLUMN keystrokes INT NOT NULL DEFAULT 1 COMMENT 'keystrokes of this row',
  MODIFY COLUMN waited INT NOT NULL DEFAULT 0 COMMENT 'milliseconds from the arrival of the newest keystroke to last_seen, which are not a pause of the typist',
  MODIFY COLUMN last_seen DATETIME(3) NOT NULL COMMENT 'time when the newest keystroke was written, by the clock of the database; used for ageing',
  MODIFY COLUMN refused VARCHAR(255) NULL COMMENT 'why promotion cannot log the row, which it ignores until this is set to NULL';

ALTER TABLE search_log
  MODIFY COLUMN id BIGINT NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases within a session',
  MODIFY COLUMN submitted BOOLEAN NOT NULL COMMENT 'whether Enter was pressed',
  MODIFY COLUMN keystrokes INT NOT NULL COMMENT 'number of keystrokes that it took',
  COMMENT = 'searches; append-only';

ALTER TABLE daily_search
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'of the session, so that promoters do not contend for a row',
  COMMENT = 'exact searches per day and keyword, written in the transaction that inserts into search_log';

ALTER TABLE shedlock COMMENT = 'locks of jobs; written by ShedLock';

ALTER TABLE event_key
  MODIFY COLUMN event_id VARCHAR(255) NOT NULL COMMENT 'by the sender, otherwise assigned',
  MODIFY COLUMN id BIGINT NOT NULL COMMENT 'event_log.id of the first event',
  MODIFY COLUMN occurred_at DATETIME(3) NOT NULL COMMENT 'event_log.occurred_at of the first event',
  MODIFY COLUMN content INT UNSIGNED NOT NULL COMMENT 'CRC-32C of the content of the first event',
  COMMENT = 'keys of stored events, for deduplication; kept for the dedup window';

ALTER TABLE event_log
  MODIFY COLUMN id BIGINT NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases on a node',
  MODIFY COLUMN occurred_at DATETIME(3) NOT NULL COMMENT 'by the sender, otherwise time of arrival',
  MODIFY COLUMN value DECIMAL(30, 9) NULL COMMENT 'a number to aggregate; decimal, so that sums are exact',
  MODIFY COLUMN message TEXT NULL COMMENT 'the log line',
  COMMENT = 'events; append-only';

ALTER TABLE daily_topic
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'event_log.bucket & 7: few rows, with little contention of writers',
  MODIFY COLUMN duplicates BIGINT NOT NULL COMMENT 'dropped, because they were stored before',
  MODIFY COLUMN changed BIGINT NOT NULL COMMENT 'duplicates with different content',
  MODIFY COLUMN rejected BIGINT NOT NULL COMMENT 'not valid, or refused by the database',
  COMMENT = 'exact events per day and topic, written in the transaction that inserts into event_log';

ALTER TABLE daily_user
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'as in daily_topic: up to eight rows per user',
  COMMENT = 'events per day, topic and user, without events that have no user';

ALTER TABLE rejected_event
  MODIFY COLUMN event MEDIUMTEXT NOT NULL COMMENT 'the whole event, as JSON for POST /events; text, so that nothing refuses it';

ALTER TABLE idempotency_key
  MODIFY COLUMN owner BIGINT NOT NULL COMMENT 'the request that holds the key',
  MODIFY COLUMN status SMALLINT NULL COMMENT 'of the response; NULL while the request is in progress',
  COMMENT = 'requests with an Idempotency-Key of the last 24 hours, and their responses';

ALTER TABLE feed_outbox
  MODIFY COLUMN earliest DATETIME(3) NOT NULL COMMENT 'searched_at or occurred_at of these rows, which determines their partitions',
  COMMENT = 'transactions without positions; emptied twice a second';

ALTER TABLE feed
  MODIFY COLUMN last_position BIGINT NOT NULL COMMENT 'of the last row; the others precede it without gaps',
  MODIFY COLUMN numbered_at DATETIME(3) NOT NULL COMMENT 'kept for lastword.stream.keep after this time';

ALTER TABLE feed_head
  MODIFY COLUMN last_position BIGINT NOT NULL COMMENT 'last assigned position; locked while positions are assigned',
  MODIFY COLUMN dropped_position BIGINT NOT NULL COMMENT 'last deleted position; streams cannot resume before it';

ALTER TABLE lane_commit
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'index of the lane on its node, from 0',
  MODIFY COLUMN lane BIGINT NOT NULL COMMENT 'chosen at random by each lane when its node starts',
  MODIFY COLUMN number BIGINT NOT NULL COMMENT 'of the latest committed batch',
  COMMENT = 'latest batch of each writer of events; deleted an hour after its commit';

ALTER TABLE node
  MODIFY COLUMN number SMALLINT UNSIGNED NOT NULL COMMENT '0 to 1023; part of the ids that the node assigns',
  MODIFY COLUMN holder BIGINT NOT NULL COMMENT 'chosen at random by each node at its start',
  COMMENT = 'numbers of running nodes';
