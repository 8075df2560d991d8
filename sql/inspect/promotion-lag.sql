-- How far behind is promotion? One row: sessions staged, sessions that wait, and for how long the first one has waited.
-- For a debounce window of 5 s.
-- Columns: staged, waiting, lag_seconds
SELECT COUNT(*) AS staged,
       COUNT(IF(refused IS NULL AND (submitted OR last_seen <= UTC_TIMESTAMP(3) - INTERVAL 5 SECOND), 1, NULL)) AS waiting,
       GREATEST(0, COALESCE(MAX(IF(refused IS NULL,
         TIMESTAMPDIFF(MICROSECOND, last_seen, UTC_TIMESTAMP(3)) / 1000000 - IF(submitted, 0, 5), NULL)), 0)) AS lag_seconds
FROM search_staging
WHERE bucket < 64;
