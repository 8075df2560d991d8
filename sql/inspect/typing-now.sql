-- Who is typing now? The newest keystroke first.
-- Columns: age_seconds, tenant_id, session_id, user_id, keyword, finished, keystrokes, rested, submitted
SELECT TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) / 1000000 AS age_seconds,
       tenant_id, session_id, user_id, keyword, finished, keystrokes, rested, submitted
FROM search_staging
WHERE bucket < 64
ORDER BY last_seen DESC
LIMIT 100;
