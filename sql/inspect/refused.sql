-- Which staged rows cannot be logged, and why? The oldest first. Promotion ignores them.
-- Fix the cause, then let promotion retry: UPDATE search_staging SET refused = NULL WHERE refused IS NOT NULL;
-- Columns: last_seen, refused, bucket, tenant_id, session_id, keyword, finished, keystrokes
SELECT last_seen, refused, bucket, tenant_id, session_id, keyword, finished, keystrokes
FROM search_staging
WHERE bucket < 64 AND refused IS NOT NULL
ORDER BY last_seen
LIMIT 100;
