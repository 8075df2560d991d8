-- What keeps a stall, a crash or a lost answer from changing the log.

ALTER TABLE search_staging
  ADD COLUMN waited INT NOT NULL DEFAULT 0 COMMENT 'milliseconds from the newest keystroke\'s arrival to last_seen: no pause of the typist'
    AFTER typed_at,
  ADD COLUMN completed INT NOT NULL DEFAULT 0 COMMENT 'searches completed before keyword; finished holds the first 32, the others are dropped and counted'
    AFTER finished,
  ADD COLUMN refused VARCHAR(255) NULL COMMENT 'why promotion cannot log the row: it is left alone until this is set to NULL',
  MODIFY COLUMN last_seen DATETIME(3) NOT NULL COMMENT 'newest keystroke, when it was written, by the clock of the database; ageing goes by it';

UPDATE search_staging SET completed = JSON_LENGTH(finished) WHERE finished IS NOT NULL;

-- How far each writer has come. A batch whose commit was not confirmed is retried only if its number is not here.

CREATE TABLE lane_commit (
  bucket       TINYINT UNSIGNED NOT NULL COMMENT 'the lowest bucket of the lane, so that the row lies where those of its batches do',
  lane         BIGINT           NOT NULL COMMENT 'drawn at random by each lane when its node starts',
  number       BIGINT           NOT NULL COMMENT 'of the batch that was committed last',
  committed_at DATETIME(3)      NOT NULL,
  PRIMARY KEY (bucket, lane) COMMENT 'was this batch committed?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'the newest commit of each writer thread; rows of nodes that are gone are deleted after a day';

-- Ids of rows hold the number of their node; two nodes that had the same one could give the same id twice.

CREATE TABLE node (
  number       SMALLINT UNSIGNED NOT NULL COMMENT '0 to 1023; bits of the ids that the node gives',
  holder       BIGINT            NOT NULL COMMENT 'drawn at random by each node at its start',
  leased_until DATETIME(3)       NOT NULL COMMENT 'by the clock of the database; renewed every ten seconds',
  PRIMARY KEY (number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'which node has which number';

-- lane_commit does what this column was for.
ALTER TABLE event_key DROP COLUMN batch;
