-- A database of 1.0.0, by mysqldump: rows in all tables, one of them staged, and one in the outbox.

CREATE TABLE active_user (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  kind tinyint unsigned NOT NULL COMMENT '0: any activity, 1: searches, 2: events, 3: events of a topic',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'empty, except for kind 3',
  day date NOT NULL COMMENT 'of UTC',
  chunk smallint unsigned NOT NULL COMMENT 'user_number.number >> 16',
  users int NOT NULL COMMENT 'bits in bitmap',
  bitmap blob NOT NULL COMMENT 'Roaring bitmap of user_number.number & 65535, at most 8 KiB',
  PRIMARY KEY (tenant_id,kind,topic,day,chunk) COMMENT 'active users, retention',
  KEY by_day (day) COMMENT 'recount and retention of days'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='users who were active on a day; kept by the rollup';
INSERT INTO active_user VALUES (1,0,'','2026-10-31',0,2,0x3A30000001000000000001001000000001000200),(1,0,'','2026-11-30',0,1,0x3A3000000100000000000000100000000100),(1,1,'','2026-10-31',0,1,0x3A3000000100000000000000100000000100),(1,1,'','2026-11-30',0,1,0x3A3000000100000000000000100000000100),(1,2,'','2026-10-31',0,2,0x3A30000001000000000001001000000001000200),(1,3,'order','2026-10-31',0,2,0x3A30000001000000000001001000000001000200),(1,3,'other','2026-10-31',0,1,0x3A3000000100000000000000100000000100),(1,3,'third','2026-10-31',0,1,0x3A3000000100000000000000100000000200);
CREATE TABLE admin_audit (
  id bigint NOT NULL AUTO_INCREMENT COMMENT 'rises with time',
  done_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  tenant_id int NOT NULL COMMENT 'the tenant that it was about',
  actor varchar(100) COLLATE utf8mb4_bin NOT NULL COMMENT 'id of an API key; cli: and a user of the system; or anyone, while the service was open',
  action varchar(32) COLLATE utf8mb4_bin NOT NULL COMMENT 'such as key.create',
  subject varchar(100) COLLATE utf8mb4_bin NOT NULL COMMENT 'such as the id of the key',
  detail mediumtext COLLATE utf8mb4_bin NOT NULL COMMENT 'what else is worth knowing, for people',
  PRIMARY KEY (id) COMMENT 'newest first, of all tenants',
  KEY by_tenant (tenant_id,id) COMMENT 'GET /admin/audit'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='what administrators did, in the transaction that did it; never deleted';
INSERT INTO admin_audit VALUES (1,'2026-11-30 13:20:08.926',1,'cli:root','user.erase','1',''),(2,'2026-11-30 13:20:20.004',2,'cli:root','tenant.create','b',''),(3,'2026-11-30 13:20:27.418',1,'cli:root','key.create','jk5pewt1q0r4','write,read, never expires: test'),(4,'2026-11-30 13:20:34.835',2,'cli:root','key.create','mq3ebdexd0qb','write, topics order, origins https://www.example.com, signs requests, never expires: ');
CREATE TABLE api_key (
  id char(12) COLLATE utf8mb4_bin NOT NULL COMMENT 'the readable part of the key, lw_<id>_<secret>',
  tenant_id int NOT NULL COMMENT 'whose rows it may read and write',
  secret_hash binary(32) NOT NULL COMMENT 'SHA-256 of the 256 random bits of the secret, which is not stored',
  signing_secret binary(32) DEFAULT NULL COMMENT 'NULL: the key is sent. Otherwise its secret, without which signatures cannot be checked',
  scopes set('write','read','admin') COLLATE utf8mb4_bin NOT NULL COMMENT 'what it may do',
  topics mediumtext COLLATE utf8mb4_bin COMMENT 'of the events that it may write, one on each line; NULL: all',
  origins text COLLATE utf8mb4_bin COMMENT 'of the pages that may use it, one on each line; NULL: anyone',
  label varchar(100) COLLATE utf8mb4_bin NOT NULL COMMENT 'who uses it, for people',
  created_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  expires_at datetime(3) DEFAULT NULL COMMENT 'NULL: never',
  last_used_at datetime(3) DEFAULT NULL COMMENT 'to a minute',
  revoked_at datetime(3) DEFAULT NULL COMMENT 'nodes refuse it within five seconds',
  PRIMARY KEY (id) COMMENT 'the key of a request',
  KEY by_tenant (tenant_id,created_at,id) COMMENT 'GET /admin/keys'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='API keys. With the first row, requests without a key are refused; revoke keys instead of deleting them';
INSERT INTO api_key VALUES ('jk5pewt1q0r4',1,0x7EA0949E9B66456098E818C1CE1B3B14E23C30628759EB56805D9ACB0E80EA6A,NULL,'write,read',NULL,NULL,'test','2026-11-30 13:20:27.407',NULL,'2026-11-30 13:20:41.006',NULL),('mq3ebdexd0qb',2,0xC91155A5883FB5ACB02EBD6AE0277D2A900011DA8DE135C977D92346CC272F4D,0xC4FDEE3F2EEBD759EC6CE30CB980098DDFC01A01FF2D4F1C8063D7D4A1518FFF,'write','order','https://www.example.com','','2026-11-30 13:20:34.829',NULL,NULL,NULL);
CREATE TABLE browser_session (
  id char(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'random; part of the token in the cookie, which is signed',
  key_id char(12) COLLATE utf8mb4_bin NOT NULL COMMENT 'the API key that began it',
  expires_at datetime(3) NOT NULL COMMENT 'when it ends, unless someone ends it before',
  PRIMARY KEY (id) COMMENT 'is the session of a request open?',
  KEY by_key (key_id) COMMENT 'end all sessions of a key',
  KEY by_end (expires_at) COMMENT 'delete those that have expired'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='sessions of pages that are open; deleting a row ends it within five seconds';
INSERT INTO browser_session VALUES ('sv6s5k9hq1td','jk5pewt1q0r4','2026-12-01 01:20:41.010');
CREATE TABLE daily_event (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  day date NOT NULL COMMENT 'of UTC',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'as in daily_topic',
  events bigint NOT NULL COMMENT 'stored in event_log',
  PRIMARY KEY (tenant_id,day,topic) COMMENT 'top events'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='events per day and topic; kept by the rollup. daily_topic has the same in eight rows, and what was not stored';
INSERT INTO daily_event VALUES (1,'2026-10-31','order',2),(1,'2026-10-31','other',1),(1,'2026-10-31','third',1);
CREATE TABLE daily_search (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  day date NOT NULL COMMENT 'of UTC',
  folded varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'keyword without letter case',
  searches bigint NOT NULL COMMENT 'number of rows in search_log',
  keystrokes bigint NOT NULL COMMENT 'sum of those of the rows',
  magnitude tinyint unsigned NOT NULL COMMENT 'binary digits of searches',
  PRIMARY KEY (tenant_id,day,folded) COMMENT 'top searches of some days; the days of one keyword',
  KEY by_magnitude (tenant_id,magnitude,day) COMMENT 'top searches: the keywords with most searches on a day'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='searches per day and keyword; kept by the rollup';
INSERT INTO daily_search VALUES (1,'2026-10-31','old search',2,13,2),(1,'2026-11-30','busines',1,4,1),(1,'2026-11-30','schöne 😀 grüße',1,1,1);
CREATE TABLE daily_session (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  day date NOT NULL COMMENT 'of UTC',
  sessions bigint NOT NULL COMMENT 'number of different ones in search_log',
  PRIMARY KEY (tenant_id,day) COMMENT 'sessions per day'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='sessions that searched on a day that is over; counted anew after its searches have changed';
INSERT INTO daily_session VALUES (1,'2026-10-31',2);
CREATE TABLE daily_topic (
  bucket tinyint unsigned NOT NULL COMMENT 'event_log.bucket & 7: few rows, with little contention of writers',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  day date NOT NULL COMMENT 'of UTC: of occurred_at, or of the arrival of a rejected event',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'as in event_log, or other for events with in_other',
  events bigint NOT NULL COMMENT 'stored in event_log',
  duplicates bigint NOT NULL COMMENT 'dropped, because they were stored before',
  changed bigint NOT NULL COMMENT 'duplicates with different content',
  rejected bigint NOT NULL COMMENT 'not valid, or refused by the database',
  value_count bigint NOT NULL COMMENT 'events with a value',
  value_sum decimal(48,9) NOT NULL COMMENT 'of these values',
  value_min decimal(30,9) DEFAULT NULL COMMENT 'of these values',
  value_max decimal(30,9) DEFAULT NULL COMMENT 'of these values',
  PRIMARY KEY (tenant_id,day,topic,bucket) COMMENT 'ingest adds to it; GET /stats, averages per day'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='exact events per day and topic, written in the transaction that inserts into event_log';
INSERT INTO daily_topic VALUES (7,1,'2026-10-30','order',0,0,0,0,0,0.000000000,NULL,NULL),(1,1,'2026-10-31','order',1,0,0,0,1,-3.000000000,-3.000000000,-3.000000000),(3,1,'2026-10-31','order',1,0,0,0,1,12.500000000,12.500000000,12.500000000),(5,1,'2026-10-31','other',1,0,0,0,0,0.000000000,NULL,NULL),(3,1,'2026-10-31','third',1,0,0,0,1,1.000000000,1.000000000,1.000000000),(7,1,'2026-11-01','view',1,0,0,0,0,0.000000000,NULL,NULL),(3,1,'2026-11-30','order',0,1,1,0,0,0.000000000,NULL,NULL),(7,1,'2026-11-30','order',0,0,0,1,0,0.000000000,NULL,NULL);
CREATE TABLE erasure (
  id bigint NOT NULL AUTO_INCREMENT COMMENT 'number of the receipt',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  user_id varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'who is erased; NULL as soon as it is done',
  from_time datetime(3) DEFAULT NULL COMMENT 'only rows from this time on',
  to_time datetime(3) DEFAULT NULL COMMENT 'only rows before this time',
  requested_at datetime(3) NOT NULL COMMENT 'what the user does later stays',
  actor varchar(100) COLLATE utf8mb4_bin NOT NULL COMMENT 'as in admin_audit',
  finished_at datetime(3) DEFAULT NULL COMMENT 'NULL: nodes still work on it',
  staged bigint NOT NULL DEFAULT '0' COMMENT 'deleted rows of search_staging',
  searches bigint NOT NULL DEFAULT '0' COMMENT 'of search_log',
  events bigint NOT NULL DEFAULT '0' COMMENT 'of event_log, with their rows of event_key',
  dead_letters bigint NOT NULL DEFAULT '0' COMMENT 'of rejected_event',
  answers bigint NOT NULL DEFAULT '0' COMMENT 'of idempotency_key',
  active_days bigint NOT NULL DEFAULT '0' COMMENT 'bitmaps of active_user that the user was removed from',
  PRIMARY KEY (id) COMMENT 'GET /admin/erasures/{id}',
  KEY by_tenant (tenant_id,id) COMMENT 'GET /admin/erasures',
  KEY by_end (finished_at,id) COMMENT 'what is there to do? what was done last?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='receipts: what was erased, without whose it was; never deleted';
INSERT INTO erasure VALUES (1,1,NULL,NULL,NULL,'2026-11-30 13:20:08.919','cli:root','2026-11-30 13:20:09.358',0,1,1,0,0,5);
CREATE TABLE event_key (
  bucket tinyint unsigned NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, '':'', topic, '':'', event_id)) & 63',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'of the event',
  event_id varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'by the sender, otherwise assigned',
  id bigint NOT NULL COMMENT 'event_log.id of the first event',
  occurred_at datetime(3) NOT NULL COMMENT 'event_log.occurred_at of the first event',
  content int unsigned NOT NULL COMMENT 'CRC-32C of the content of the first event',
  PRIMARY KEY (bucket,tenant_id,topic,event_id) COMMENT 'is it new? read back, 409',
  KEY by_age (id) COMMENT 'the keys older than the dedup window; rises, so that it costs little'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='keys of stored events, for deduplication; kept for the dedup window';
INSERT INTO event_key VALUES (27,1,'order','o1',7533157755617382400,'2026-10-31 10:00:00.000',2949083049),(29,1,'view','v1',7533157755617382402,'2026-10-31 11:00:00.000',3358361747),(33,1,'order','o2',7533157755617382401,'2026-10-31 11:00:00.000',1517640034),(39,1,'view','v2',7533158061893849088,'2026-11-01 00:00:00.000',3058634647),(51,1,'third','t1',7533157755617382403,'2026-10-31 12:00:00.000',950214989);
CREATE TABLE event_log (
  bucket tinyint unsigned NOT NULL COMMENT 'as in event_key',
  id bigint NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases on a node',
  occurred_at datetime(3) NOT NULL COMMENT 'by the sender, otherwise time of arrival',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'by the sender: what kind of event it is',
  in_other tinyint(1) NOT NULL DEFAULT '0' COMMENT 'counted as topic other, because its day had too many topics',
  event_id varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'as in event_key',
  source varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'by the sender: the service or page that it is from',
  user_id varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'who did it',
  session_id varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'in which visit',
  level varchar(32) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'as sent: INFO, info, 30, ...',
  value decimal(30,9) DEFAULT NULL COMMENT 'a number to aggregate; decimal, so that sums are exact',
  message text COLLATE utf8mb4_bin COMMENT 'the log line',
  payload json DEFAULT NULL COMMENT 'what the sender said beyond the columns',
  received_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (bucket,id,occurred_at) COMMENT 'the feed reads rows by it; occurred_at determines the partition',
  KEY newest (tenant_id,occurred_at,id) COMMENT 'GET /events: newest first, time range',
  KEY by_topic (tenant_id,topic,occurred_at,id) COMMENT 'GET /events?topic=',
  KEY by_source (tenant_id,source,occurred_at,id) COMMENT 'GET /events?source=',
  KEY by_user (tenant_id,user_id,occurred_at,id) COMMENT 'GET /events?user_id=; erasure',
  KEY by_session (tenant_id,session_id,occurred_at,id) COMMENT 'GET /events?session_id='
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='events; append-only'
PARTITION BY RANGE COLUMNS(occurred_at)
(PARTITION p_2026_09 VALUES LESS THAN ('2026-10-01') ENGINE = InnoDB,
 PARTITION p_2026_10 VALUES LESS THAN ('2026-11-01') ENGINE = InnoDB,
 PARTITION p_2026_11 VALUES LESS THAN ('2026-12-01') ENGINE = InnoDB,
 PARTITION p_2026_12 VALUES LESS THAN ('2027-01-01') ENGINE = InnoDB,
 PARTITION p_2027_01 VALUES LESS THAN ('2027-02-01') ENGINE = InnoDB,
 PARTITION p_2027_02 VALUES LESS THAN ('2027-03-01') ENGINE = InnoDB,
 PARTITION p_max VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB);
INSERT INTO event_log VALUES (27,7533157755617382400,'2026-10-31 10:00:00.000',1,'order',0,'o1',NULL,'ann',NULL,NULL,12.500000000,NULL,'{\"n\": 1}','2026-11-30 13:19:28.339'),(29,7533157755617382402,'2026-10-31 11:00:00.000',1,'view',1,'v1','web','ann','x','INFO',NULL,'a line',NULL,'2026-11-30 13:19:28.339'),(33,7533157755617382401,'2026-10-31 11:00:00.000',1,'order',0,'o2',NULL,'bob',NULL,NULL,-3.000000000,NULL,NULL,'2026-11-30 13:19:28.339'),(51,7533157755617382403,'2026-10-31 12:00:00.000',1,'third',0,'t1',NULL,'bob',NULL,NULL,1.000000000,NULL,NULL,'2026-11-30 13:19:28.339'),(39,7533158061893849088,'2026-11-01 00:00:00.000',1,'view',0,'v2',NULL,'ann',NULL,NULL,NULL,NULL,NULL,'2026-11-30 13:20:41.273');
CREATE TABLE feed (
  feed tinyint unsigned NOT NULL COMMENT 'as in feed_outbox',
  last_position bigint NOT NULL COMMENT 'of the last row; the others precede it without gaps',
  bucket tinyint unsigned NOT NULL COMMENT 'as in feed_outbox',
  id bigint NOT NULL COMMENT 'as in feed_outbox',
  size int NOT NULL COMMENT 'as in feed_outbox',
  earliest datetime(3) NOT NULL COMMENT 'as in feed_outbox',
  latest datetime(3) NOT NULL COMMENT 'as in feed_outbox',
  row_keys mediumblob NOT NULL COMMENT 'as in feed_outbox',
  numbered_at datetime(3) NOT NULL COMMENT 'kept for lastword.stream.keep after this time',
  PRIMARY KEY (feed,last_position) COMMENT 'streams go on from a position',
  UNIQUE KEY once (feed,bucket,id) COMMENT 'has this transaction a position already?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='transactions in the order of their positions';
INSERT INTO feed VALUES (1,1,43,7533157759060905984,1,'2026-11-30 13:19:28.145','2026-11-30 13:19:28.145',0x2B80A0B6CE9CE2C9C568,'2026-11-30 13:19:29.141'),(1,3,17,7533157767436931072,2,'2026-11-30 13:19:28.087','2026-11-30 13:19:28.145',0x1180A0B6E8BBE2C9C5683D01,'2026-11-30 13:19:31.170'),(1,5,12,7533000000000000001,2,'2026-10-31 13:19:28.145','2026-10-31 13:20:28.145',0x0C818092A8EAF2A5C5683640,'2026-11-30 13:20:01.308'),(2,5,27,7533157755617382400,5,'2026-10-30 11:00:00.000','2026-10-31 12:00:00.000',0x1B80A0B6E48FE2C9C56821011D0133011702,'2026-11-30 13:19:28.609');
CREATE TABLE feed_head (
  feed tinyint unsigned NOT NULL COMMENT 'as in feed_outbox',
  last_position bigint NOT NULL COMMENT 'last assigned position; locked while positions are assigned',
  dropped_position bigint NOT NULL COMMENT 'last deleted position; streams cannot resume before it',
  PRIMARY KEY (feed) COMMENT 'locked while positions are assigned'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='one row for each feed';
INSERT INTO feed_head VALUES (1,5,0),(2,5,0);
CREATE TABLE feed_outbox (
  bucket tinyint unsigned NOT NULL COMMENT 'of the first row',
  id bigint NOT NULL COMMENT 'of the first row',
  feed tinyint unsigned NOT NULL COMMENT '1: search_log, 2: event_log',
  size int NOT NULL COMMENT 'rows of the transaction',
  earliest datetime(3) NOT NULL COMMENT 'searched_at or occurred_at of these rows, which determines their partitions',
  latest datetime(3) NOT NULL COMMENT 'likewise',
  row_keys mediumblob NOT NULL COMMENT 'bucket and id of each row, packed',
  PRIMARY KEY (bucket,id,feed) COMMENT 'a transaction is named by its first row'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='transactions without positions; emptied twice a second';
INSERT INTO feed_outbox VALUES (39,7533158061893849088,2,1,'2026-11-01 00:00:00.000','2026-11-01 00:00:00.000',0x2780A0B6E084EBC9C568);
CREATE TABLE flyway_schema_history (
  installed_rank int NOT NULL,
  version varchar(50) COLLATE utf8mb4_bin DEFAULT NULL,
  description varchar(200) COLLATE utf8mb4_bin NOT NULL,
  type varchar(20) COLLATE utf8mb4_bin NOT NULL,
  script varchar(1000) COLLATE utf8mb4_bin NOT NULL,
  checksum int DEFAULT NULL,
  installed_by varchar(100) COLLATE utf8mb4_bin NOT NULL,
  installed_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  execution_time int NOT NULL,
  success tinyint(1) NOT NULL,
  PRIMARY KEY (installed_rank),
  KEY flyway_schema_history_s_idx (success)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO flyway_schema_history VALUES (1,'1','searches','SQL','V1__searches.sql',101957891,'root','2026-11-30 13:19:22',55,1),(2,'2','events','SQL','V2__events.sql',177061122,'root','2026-11-30 13:19:22',63,1),(3,'3','feeds','SQL','V3__feeds.sql',-927036627,'root','2026-11-30 13:19:22',58,1),(4,'4','counts','SQL','V4__counts.sql',-941837231,'root','2026-11-30 13:19:23',106,1),(5,'5','tenants and keys','SQL','V5__tenants_and_keys.sql',-1607041251,'root','2026-11-30 13:19:23',81,1),(6,'6','nodes','SQL','V6__nodes.sql',-627187229,'root','2026-11-30 13:19:23',43,1);
CREATE TABLE hourly_search (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  hour datetime NOT NULL COMMENT 'its start',
  searches bigint NOT NULL COMMENT 'number of rows in search_log',
  keystrokes bigint NOT NULL COMMENT 'sum of those of the rows',
  PRIMARY KEY (tenant_id,hour) COMMENT 'totals, searches over time'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='searches per hour; kept by the rollup';
INSERT INTO hourly_search VALUES (1,'2026-10-31 13:00:00',2,13),(1,'2026-11-30 13:00:00',2,5);
CREATE TABLE idempotency_key (
  bucket tinyint unsigned NOT NULL COMMENT 'CRC32(CONCAT(tenant_id, '':'', idem_key)) & 63',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  idem_key varchar(280) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as sent; after the id of the API key and a colon, if that can only write',
  request binary(32) NOT NULL COMMENT 'SHA-256 of the request',
  owner bigint NOT NULL COMMENT 'the request that holds the key',
  started_at datetime(3) NOT NULL COMMENT 'when the request came, by the clock of the database',
  status smallint DEFAULT NULL COMMENT 'of the response; NULL while the request is in progress',
  answer mediumtext COLLATE utf8mb4_bin COMMENT 'body of the response',
  PRIMARY KEY (bucket,tenant_id,idem_key) COMMENT 'the answer to a request sent again',
  KEY by_age (started_at) COMMENT 'those older than a day are deleted'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='requests with an Idempotency-Key of the last 24 hours, and their responses';
INSERT INTO idempotency_key VALUES (26,1,'import-1',0xB5E902F305CF2E25B4563426E5D5D9D871F541A2D9C8ADF8AF213786F34FB23D,-5691047549029994988,'2026-11-30 13:19:28.229',202,'{\"status\":\"accepted\",\"accepted\":5,\"duplicates\":1,\"rejected\":[{\"index\":5,\"reason\":\"value must be a number with at most 21 digits before the decimal point\"}],\"failed\":1,\"count\":6,\"message\":\"5 accepted, 1 duplicates, 1 rejected\",\"details\":{\"accepted\":5,\"rejected\":1,\"duplicates_immediate\":1}}');
CREATE TABLE lane_commit (
  bucket tinyint unsigned NOT NULL COMMENT 'index of the lane on its node, from 0',
  lane bigint NOT NULL COMMENT 'chosen at random by each lane when its node starts',
  number bigint NOT NULL COMMENT 'of the latest committed batch',
  committed_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (bucket,lane) COMMENT 'was this batch committed?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='latest batch of each writer of events; deleted an hour after its commit';
INSERT INTO lane_commit VALUES (1,-8348012218090081537,8,'2026-11-30 13:20:41.275');
CREATE TABLE node (
  number smallint unsigned NOT NULL COMMENT '0 to 1023; part of the ids that the node assigns',
  holder bigint NOT NULL COMMENT 'chosen at random by each node at its start',
  leased_until datetime(3) NOT NULL COMMENT 'by the clock of the database; renewed every ten seconds',
  PRIMARY KEY (number) COMMENT 'is this number free?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='numbers of running nodes';
INSERT INTO node VALUES (15,4912918897279745008,'2026-11-30 13:20:01.420'),(217,6094668182774316107,'2026-11-30 13:21:34.973'),(261,-4377174735455834666,'2026-11-30 13:20:27.469'),(411,2820165717654831101,'2026-11-30 13:20:34.882'),(628,408520159396706353,'2026-11-30 13:19:40.041'),(800,7834395792312723005,'2026-11-30 13:20:09.415'),(936,5630292770172059051,'2026-11-30 13:20:20.053');
CREATE TABLE rejected_event (
  bucket tinyint unsigned NOT NULL COMMENT 'as in event_key',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  id bigint NOT NULL COMMENT 'the id it would have had',
  rejected_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  topic varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'of the event',
  event_id varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'of the event',
  reason varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'what the database said',
  event mediumtext COLLATE utf8mb4_bin NOT NULL COMMENT 'the whole event, as JSON for POST /events; text, so that nothing refuses it',
  PRIMARY KEY (bucket,tenant_id,id) COMMENT 'lastword rejected list and replay'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='dead letters: valid events that the database refused';
INSERT INTO rejected_event VALUES (7,1,7533157767436931999,'2026-11-30 13:00:00.000','order','dead','Data too long','{\"topic\":\"order\",\"event_id\":\"dead\",\"user_id\":\"bob\"}');
CREATE TABLE rollup_head (
  feed tinyint unsigned NOT NULL COMMENT 'as in feed_outbox',
  position bigint NOT NULL COMMENT 'last counted position; all rows are locked while some are counted',
  as_of datetime(3) NOT NULL COMMENT 'everything committed before this time is counted',
  past_changes bigint NOT NULL DEFAULT '0' COMMENT 'version of the counts of past days: milliseconds since 1970 of their latest change, or one more than before',
  log_since date DEFAULT NULL COMMENT 'first day whose rows are all in the log, since retention has dropped older ones; NULL: all days',
  counts_since date DEFAULT NULL COMMENT 'first day whose counts are all kept, since retention has dropped older ones; NULL: all days',
  PRIMARY KEY (feed) COMMENT 'locked while rows are counted'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='how far the counts have followed each feed';
INSERT INTO rollup_head VALUES (1,5,'2026-11-30 13:20:01.298',1796044809351,NULL,NULL),(2,5,'2026-11-30 13:19:28.613',1796044809351,NULL,NULL);
CREATE TABLE search_log (
  bucket tinyint unsigned NOT NULL COMMENT 'as in search_staging',
  id bigint NOT NULL COMMENT 'milliseconds since 1970 << 22, then node and sequence; increases within a session',
  searched_at datetime(3) NOT NULL COMMENT 'last keystroke of the search',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  session_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as in search_staging',
  user_id varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'who was logged in, NULL: nobody',
  keyword varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'as typed',
  folded varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'keyword without letter case',
  submitted tinyint(1) NOT NULL COMMENT 'whether Enter was pressed',
  keystrokes int NOT NULL COMMENT 'number of keystrokes that it took',
  typed_at datetime(3) DEFAULT NULL COMMENT 'last keystroke by the clock of the client',
  PRIMARY KEY (bucket,id,searched_at) COMMENT 'the feed reads rows by it; searched_at determines the partition',
  KEY newest (tenant_id,searched_at,id) COMMENT 'GET /searches: newest first, time range',
  KEY by_keyword (tenant_id,folded,searched_at,id,session_id,user_id) COMMENT 'GET /searches?starts_with=; sessions and users of a keyword',
  KEY by_user (tenant_id,user_id,searched_at,id) COMMENT 'GET /searches?user_id=; erasure',
  KEY by_session (tenant_id,session_id,searched_at,id) COMMENT 'GET /searches?session_id=; promotion looks back'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='searches; append-only'
PARTITION BY RANGE COLUMNS(searched_at)
(PARTITION p_2026_09 VALUES LESS THAN ('2026-10-01') ENGINE = InnoDB,
 PARTITION p_2026_10 VALUES LESS THAN ('2026-11-01') ENGINE = InnoDB,
 PARTITION p_2026_11 VALUES LESS THAN ('2026-12-01') ENGINE = InnoDB,
 PARTITION p_2026_12 VALUES LESS THAN ('2027-01-01') ENGINE = InnoDB,
 PARTITION p_2027_01 VALUES LESS THAN ('2027-02-01') ENGINE = InnoDB,
 PARTITION p_2027_02 VALUES LESS THAN ('2027-03-01') ENGINE = InnoDB,
 PARTITION p_max VALUES LESS THAN (MAXVALUE) ENGINE = InnoDB);
INSERT INTO search_log VALUES (12,7533000000000000001,'2026-10-31 13:19:28.145',1,'o1','ann','Old search','old search',1,9,NULL),(54,7533000000000000065,'2026-10-31 13:20:28.145',1,'o2',NULL,'old search','old search',0,4,'2026-10-31 13:20:00.000'),(17,7533157767436931072,'2026-11-30 13:19:28.087',1,'s1','ann','Busines','busines',0,4,NULL),(43,7533157759060905984,'2026-11-30 13:19:28.145',1,'s2',NULL,'schöne 😀 Grüße','schöne 😀 grüße',1,1,NULL);
CREATE TABLE search_staging (
  bucket tinyint unsigned NOT NULL COMMENT 'of sessions: CRC32(CONCAT(tenant_id, '':'', session_id)) & 63; of writer threads: 64, with the number of their latest batch as keyword',
  tenant_id int NOT NULL COMMENT 'tenant.id',
  session_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'by the client, for one visit of one person',
  user_id varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'the latest known one, of keyword; each finished search has its own',
  keyword varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'longest text of the search being typed',
  folded varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'keyword without letter case, for comparisons',
  step tinyint NOT NULL DEFAULT '5' COMMENT 'what the newest keystroke did; if it was overtaken: 0 counted, 1 became keyword, 2 became a finished search, 3 both; otherwise: 4 keyword kept, 5 became keyword, 6 became keyword, and the former one was finished',
  shown_length smallint NOT NULL COMMENT 'characters of the text shown last',
  first_length smallint NOT NULL COMMENT 'characters of the first text of the row',
  rested int NOT NULL DEFAULT '0' COMMENT 'milliseconds that the typist rested on keyword; 0: not yet',
  submitted tinyint(1) NOT NULL DEFAULT '0' COMMENT 'whether Enter was pressed on keyword',
  finished json DEFAULT NULL COMMENT 'searches completed before keyword, oldest first',
  completed int NOT NULL DEFAULT '0' COMMENT 'number of searches in finished, at most 32',
  keystrokes int NOT NULL DEFAULT '1' COMMENT 'keystrokes of this row',
  typed_at datetime(3) DEFAULT NULL COMMENT 'newest keystroke by the clock of the client',
  waited int NOT NULL DEFAULT '0' COMMENT 'milliseconds from the arrival of the newest keystroke to last_seen, which are not a pause of the typist',
  last_seen datetime(3) NOT NULL COMMENT 'time when the newest keystroke was written, by the clock of the database; used for ageing',
  refused varchar(255) COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'why promotion cannot log the row, which it ignores until this is set to NULL',
  PRIMARY KEY (bucket,tenant_id,session_id) COMMENT 'the upsert; there is no other key, so that it costs nothing else'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='one row per session that is typing now, and one per writer thread';
INSERT INTO search_staging VALUES (30,1,'s4','dora','still typing','still typing',5,12,12,0,0,NULL,0,1,NULL,33,'2026-11-30 13:20:41.198',NULL),(64,0,'lane 0 of 06c55b70cda641d3',NULL,'batch 0000000000000000004','',5,0,0,0,0,NULL,0,1,NULL,0,'2026-11-30 13:20:41.198',NULL),(64,0,'lane 1 of e532ee11184f3f72',NULL,'batch 0000000000000000012','',5,0,0,0,0,NULL,0,5,NULL,0,'2026-11-30 13:19:28.156',NULL);
CREATE TABLE shedlock (
  name varchar(64) COLLATE utf8mb4_bin NOT NULL COMMENT 'of the job',
  lock_until datetime(3) NOT NULL COMMENT 'when it ends by itself',
  locked_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  locked_by varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'the node that holds it',
  PRIMARY KEY (name) COMMENT 'is this job running?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='locks of jobs; written by ShedLock';
INSERT INTO shedlock VALUES ('count-retention','2026-11-30 13:20:25.225','2026-11-30 13:20:25.217','vm/8f8b261c'),('partitions','2026-11-30 13:20:25.259','2026-11-30 13:20:25.091','vm/8f8b261c'),('promotion','2026-11-30 13:20:41.056','2026-11-30 13:20:41.052','vm/8f8b261c');
CREATE TABLE tenant (
  id int NOT NULL AUTO_INCREMENT COMMENT 'tenant_id of all other tables',
  name varchar(64) COLLATE utf8mb4_bin NOT NULL COMMENT 'by which commands and administrators call it',
  created_at datetime(3) NOT NULL COMMENT 'by the clock of the database',
  PRIMARY KEY (id) COMMENT 'the tenant of a key',
  UNIQUE KEY by_name (name) COMMENT 'a name is used once; lists are in this order'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='owners of rows; the first one owns what comes without a key';
INSERT INTO tenant VALUES (1,'default','2026-11-30 13:19:23.268'),(2,'b','2026-11-30 13:20:19.987');
CREATE TABLE token_key (
  day date NOT NULL COMMENT 'in UTC',
  id char(12) COLLATE utf8mb4_bin NOT NULL COMMENT 'names the key in a token',
  secret binary(32) NOT NULL COMMENT 'of HMAC-SHA256',
  PRIMARY KEY (day) COMMENT 'all nodes sign with the key of today',
  UNIQUE KEY by_id (id) COMMENT 'the key of a token'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='a key for each day on which tokens were issued; deleted after two days. Deleting it ends all of its tokens';
INSERT INTO token_key VALUES ('2026-11-30','5s7h5m27xhdy',0xCB96BE6C4EA0FF29DF5234CB7D864BB64C12E6B7A234680FE7E18B23933DD092);
CREATE TABLE user_number (
  tenant_id int NOT NULL COMMENT 'tenant.id',
  number int NOT NULL COMMENT 'from 0, in the order in which users were first counted',
  user_id varchar(255) COLLATE utf8mb4_bin NOT NULL COMMENT 'as in the logs',
  PRIMARY KEY (tenant_id,number) COMMENT 'which user has this number?',
  UNIQUE KEY by_user (tenant_id,user_id) COMMENT 'which number has this user?'
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='a small number for each user, for the bitmaps in active_user';
INSERT INTO user_number VALUES (1,1,'ann'),(1,2,'bob');
