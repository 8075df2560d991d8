-- How many searches were there per day, and how many keystrokes did they take? The last 30 days, from the counts.
-- Columns: tenant_id, day, searches, keystrokes, keywords
SELECT tenant_id, day, SUM(searches) AS searches, SUM(keystrokes) AS keystrokes, COUNT(*) AS keywords
FROM daily_search
WHERE day >= UTC_DATE() - INTERVAL 30 DAY
GROUP BY tenant_id, day
ORDER BY day DESC, searches DESC;
