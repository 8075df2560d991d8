-- Which searches of the last day were amended, and what were they before?
-- Columns: amended_at, searched_at, tenant_id, session_id, former_folded, keyword, revision, counted_as_former
SET @tenant = 1;
SELECT amended_at, searched_at, tenant_id, session_id, former_folded, keyword, revision, counted_as_former
FROM search_log
WHERE tenant_id = @tenant AND searched_at >= UTC_TIMESTAMP(3) - INTERVAL 1 DAY AND revision > 0
ORDER BY searched_at DESC, id DESC
LIMIT 100;
