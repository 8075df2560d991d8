-- What did one session search for, in order?
-- Columns: searched_at, typed_at, keyword, user_id, submitted, keystrokes, id
SET @tenant = 1, @session = 's-4711';
SELECT searched_at, typed_at, keyword, user_id, submitted, keystrokes, id
FROM search_log
WHERE tenant_id = @tenant
  -- The column is ASCII: with the conversion, the comparison uses the index with any character set of the connection.
  AND session_id = CONVERT(@session USING ascii)
ORDER BY searched_at, id
LIMIT 1000;
