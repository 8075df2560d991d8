-- Which sessions are done typing and not in the log yet? Longest wait first.
-- For a debounce window of 5 s. A row that waits for more than two seconds is stuck: see lock-holders.sql.
-- Without rows that cannot be logged: see refused.sql.
-- Columns: waiting_seconds, bucket, tenant_id, session_id, keyword, finished, keystrokes, submitted
SELECT TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) / 1000000 - IF(submitted, 0, 5) AS waiting_seconds,
       bucket, tenant_id, session_id, keyword, finished, keystrokes, submitted
FROM search_staging
WHERE bucket < 64 AND refused IS NULL AND (submitted OR last_seen <= UTC_TIMESTAMP(3) - INTERVAL 5 SECOND)
ORDER BY waiting_seconds DESC
LIMIT 100;
