-- What are the newest searches?
-- Columns: searched_at, tenant_id, keyword, user_id, session_id, submitted, keystrokes
SET @tenant = 1;
SELECT searched_at, tenant_id, keyword, user_id, session_id, submitted, keystrokes
FROM search_log
WHERE tenant_id = @tenant
ORDER BY searched_at DESC, id DESC
LIMIT 100;
