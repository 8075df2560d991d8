-- The number of a batch of keystrokes goes with it, in the same statement.

ALTER TABLE search_staging
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'of sessions: CRC32(CONCAT(tenant_id, \':\', session_id)) & 63; of writer threads: 64, their keyword is the number of their newest batch',
  COMMENT = 'one row per session that is typing now, and one per writer thread';

ALTER TABLE lane_commit
  MODIFY COLUMN bucket TINYINT UNSIGNED NOT NULL COMMENT 'which of its node\'s lanes for events, from 0',
  COMMENT = 'the newest batch of each writer of events; rows of nodes that are gone are deleted after an hour';
