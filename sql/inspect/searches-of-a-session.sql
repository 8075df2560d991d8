-- What did one session search for, in its order?
-- Columns: searched_at, typed_at, keyword, user_id, submitted, keystrokes, id
SET @tenant = 1, @session = 's-4711';
SELECT searched_at, typed_at, keyword, user_id, submitted, keystrokes, id
FROM search_log
WHERE tenant_id = @tenant
  -- The column is ASCII: said so, the comparison keeps to the index whatever the connection speaks.
  AND session_id = CONVERT(@session USING ascii)
ORDER BY searched_at, id
LIMIT 1000;
