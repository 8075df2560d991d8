-- How many searches were there per day, of how many sessions, and how many keystrokes did they take? The last 30 days, from
-- the counts; sessions are NULL until the day is over.
-- Columns: tenant_id, day, searches, keystrokes, keywords, sessions
SELECT d.tenant_id, d.day, SUM(d.searches) AS searches, SUM(d.keystrokes) AS keystrokes, COUNT(*) AS keywords,
       MAX(s.sessions) AS sessions
FROM daily_search d
LEFT JOIN daily_session s ON s.tenant_id = d.tenant_id AND s.day = d.day
WHERE d.day > UTC_DATE() - INTERVAL 30 DAY
GROUP BY d.tenant_id, d.day
ORDER BY d.day DESC, searches DESC;
