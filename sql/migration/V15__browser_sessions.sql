-- Browser sessions, so that they can be ended.

CREATE TABLE browser_session (
  id         CHAR(12)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'random; part of the token in the cookie, which is signed',
  key_id     CHAR(12)    NOT NULL COMMENT 'the API key that began it',
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id) COMMENT 'is the session of a request open?',
  KEY by_key (key_id) COMMENT 'end all sessions of a key',
  KEY by_end (expires_at) COMMENT 'delete those that have expired'
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
  COMMENT 'sessions of pages that are open; deleting a row ends it within five seconds';
