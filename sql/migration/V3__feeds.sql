-- The order in which all nodes tell of searches and events. Whoever writes rows to a log leaves one row here
-- in the same transaction, however many those are; a job gives them positions once they are committed.

CREATE TABLE feed_outbox (
  bucket   TINYINT UNSIGNED NOT NULL COMMENT 'of the first row',
  id       BIGINT           NOT NULL COMMENT 'of the first row',
  feed     TINYINT UNSIGNED NOT NULL COMMENT '1: search_log, 2: event_log',
  size     INT              NOT NULL COMMENT 'rows of the transaction',
  earliest DATETIME(3)      NOT NULL COMMENT 'searched_at or occurred_at of these rows, which determines their partitions',
  latest   DATETIME(3)      NOT NULL COMMENT 'likewise',
  row_keys MEDIUMBLOB       NOT NULL COMMENT 'bucket and id of each row, packed',
  PRIMARY KEY (bucket, id, feed) COMMENT 'a transaction is named by its first row'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'transactions without positions; emptied twice a second';

CREATE TABLE feed (
  feed          TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  last_position BIGINT           NOT NULL COMMENT 'of the last row; the others precede it without gaps',
  bucket        TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  id            BIGINT           NOT NULL COMMENT 'as in feed_outbox',
  size          INT              NOT NULL COMMENT 'as in feed_outbox',
  earliest      DATETIME(3)      NOT NULL COMMENT 'as in feed_outbox',
  latest        DATETIME(3)      NOT NULL COMMENT 'as in feed_outbox',
  row_keys      MEDIUMBLOB       NOT NULL COMMENT 'as in feed_outbox',
  numbered_at   DATETIME(3)      NOT NULL COMMENT 'kept for lastword.stream.keep after this time',
  PRIMARY KEY (feed, last_position) COMMENT 'streams go on from a position',
  UNIQUE KEY once (feed, bucket, id) COMMENT 'has this transaction a position already?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'transactions in the order of their positions';

CREATE TABLE feed_head (
  feed             TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  last_position    BIGINT           NOT NULL COMMENT 'last assigned position; locked while positions are assigned',
  dropped_position BIGINT           NOT NULL COMMENT 'last deleted position; streams cannot resume before it',
  PRIMARY KEY (feed) COMMENT 'locked while positions are assigned'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'one row for each feed';

INSERT INTO feed_head (feed, last_position, dropped_position) VALUES (1, 0, 0), (2, 0, 0);
