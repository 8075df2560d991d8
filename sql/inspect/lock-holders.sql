-- Which node runs which job, and is its lock still valid? An expired lock is free for any node.
-- Columns: name, locked_by, held, locked_at, lock_until, seconds_left
SELECT name, locked_by, lock_until > UTC_TIMESTAMP(3) AS held, locked_at, lock_until,
       TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), lock_until) / 1000000 AS seconds_left
FROM shedlock
ORDER BY name;
