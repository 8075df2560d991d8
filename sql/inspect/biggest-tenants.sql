-- Which tenants search most? The last 30 days, from the counts.
-- Columns: tenant_id, searches, keystrokes, days
SELECT tenant_id, SUM(searches) AS searches, SUM(keystrokes) AS keystrokes, COUNT(DISTINCT DATE(hour)) AS days
FROM hourly_search
WHERE hour >= UTC_DATE() - INTERVAL 30 DAY
GROUP BY tenant_id
ORDER BY searches DESC
LIMIT 20;
