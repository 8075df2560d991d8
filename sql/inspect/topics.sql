-- Which topics are there, and how many events have they? The last 30 days, from the exact daily counts.
-- Columns: tenant_id, topic, events, duplicates, rejected, values_summed, last_day
SELECT tenant_id, topic, SUM(events) AS events, SUM(duplicates) AS duplicates, SUM(rejected) AS rejected,
       SUM(value_sum) AS values_summed, MAX(day) AS last_day
FROM daily_topic
WHERE day >= UTC_DATE() - INTERVAL 30 DAY
GROUP BY tenant_id, topic
ORDER BY SUM(events) DESC
LIMIT 100;
