-- How nodes share the work: numbers for their ids, batches that were committed, and locks of jobs.

CREATE TABLE node (
  number       SMALLINT UNSIGNED NOT NULL COMMENT '0 to 1023; part of the ids that the node assigns',
  holder       BIGINT            NOT NULL COMMENT 'chosen at random by each node at its start',
  leased_until DATETIME(3)       NOT NULL COMMENT 'by the clock of the database; renewed every ten seconds',
  PRIMARY KEY (number) COMMENT 'is this number free?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'numbers of running nodes';

CREATE TABLE lane_commit (
  bucket       TINYINT UNSIGNED NOT NULL COMMENT 'index of the lane on its node, from 0',
  lane         BIGINT           NOT NULL COMMENT 'chosen at random by each lane when its node starts',
  number       BIGINT           NOT NULL COMMENT 'of the latest committed batch',
  committed_at DATETIME(3)      NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (bucket, lane) COMMENT 'was this batch committed?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'latest batch of each writer of events; deleted an hour after its commit';

CREATE TABLE shedlock (
  name       VARCHAR(64)  NOT NULL COMMENT 'of the job',
  lock_until DATETIME(3)  NOT NULL COMMENT 'when it ends by itself',
  locked_at  DATETIME(3)  NOT NULL COMMENT 'by the clock of the database',
  locked_by  VARCHAR(255) NOT NULL COMMENT 'the node that holds it',
  PRIMARY KEY (name) COMMENT 'is this job running?'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'locks of jobs; written by ShedLock';
