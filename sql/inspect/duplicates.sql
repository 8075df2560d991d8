-- Which topics have duplicates? The last 30 days; changed are duplicates with different content.
-- Columns: tenant_id, day, topic, duplicates, changed, percent_of_received
SELECT tenant_id, day, topic, SUM(duplicates) AS duplicates, SUM(changed) AS changed,
       ROUND(100 * SUM(duplicates) / SUM(events + duplicates + rejected), 1) AS percent_of_received
FROM daily_topic
WHERE day >= UTC_DATE() - INTERVAL 30 DAY
GROUP BY tenant_id, day, topic
HAVING SUM(duplicates) > 0
ORDER BY day DESC, duplicates DESC
LIMIT 100;
