-- How many users were active per day? The last 30 days, from the counts; users may have both searches and events.
-- Columns: tenant_id, day, users, with_searches, with_events
SELECT tenant_id, day, SUM(IF(kind = 0, users, 0)) AS users, SUM(IF(kind = 1, users, 0)) AS with_searches,
       SUM(IF(kind = 2, users, 0)) AS with_events
FROM active_user
WHERE day > UTC_DATE() - INTERVAL 30 DAY
GROUP BY tenant_id, day
ORDER BY day DESC, users DESC;
