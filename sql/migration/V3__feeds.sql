-- The order in which all nodes tell of searches and events. Whoever writes rows to a log leaves one row here
-- in the same transaction, however many those are; a job gives them positions once they are committed.

CREATE TABLE feed_outbox (
  bucket   TINYINT UNSIGNED NOT NULL COMMENT 'of the first row',
  id       BIGINT           NOT NULL COMMENT 'of the first row',
  feed     TINYINT UNSIGNED NOT NULL COMMENT '1: search_log, 2: event_log',
  size     INT              NOT NULL COMMENT 'rows of the transaction',
  earliest DATETIME(3)      NOT NULL COMMENT 'searched_at or occurred_at of these rows: names their partitions',
  latest   DATETIME(3)      NOT NULL,
  row_keys MEDIUMBLOB       NOT NULL COMMENT 'bucket and id of each row, packed',
  PRIMARY KEY (bucket, id, feed)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'transactions without positions; the job empties it twice a second';

CREATE TABLE feed (
  feed          TINYINT UNSIGNED NOT NULL COMMENT 'as in feed_outbox',
  last_position BIGINT           NOT NULL COMMENT 'of the last row; the others stand before it without a gap',
  bucket        TINYINT UNSIGNED NOT NULL,
  id            BIGINT           NOT NULL,
  size          INT              NOT NULL,
  earliest      DATETIME(3)      NOT NULL,
  latest        DATETIME(3)      NOT NULL,
  row_keys      MEDIUMBLOB       NOT NULL,
  numbered_at   DATETIME(3)      NOT NULL COMMENT 'kept for lastword.stream.keep from then on',
  PRIMARY KEY (feed, last_position) COMMENT 'streams go on from a position',
  UNIQUE KEY once (feed, bucket, id) COMMENT 'has this transaction a position already?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'transactions in the order of their positions';

CREATE TABLE feed_head (
  feed             TINYINT UNSIGNED NOT NULL,
  last_position    BIGINT           NOT NULL COMMENT 'the last that was given; locked while some are given',
  dropped_position BIGINT           NOT NULL COMMENT 'up to here nobody can go on any more',
  PRIMARY KEY (feed)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'one row for each feed';

INSERT INTO feed_head (feed, last_position, dropped_position) VALUES (1, 0, 0), (2, 0, 0);
