-- The counts of topics begin with the tenant, by which all questions ask, so that the topics of one tenant cost no other.

ALTER TABLE daily_topic
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (tenant_id, day, topic, bucket) COMMENT 'ingest adds to it; GET /stats, averages per day';
