-- What do people search for most? The first 20 of each tenant in the last 30 days, from the counts.
-- Columns: tenant_id, rank_no, keyword, searches, percent, days
SELECT tenant_id, rank_no, keyword, searches, ROUND(100 * searches / total, 2) AS percent, days
FROM (SELECT tenant_id, folded AS keyword, SUM(searches) AS searches, COUNT(*) AS days,
             RANK() OVER (PARTITION BY tenant_id ORDER BY SUM(searches) DESC) AS rank_no,
             SUM(SUM(searches)) OVER (PARTITION BY tenant_id) AS total
      FROM daily_search
      WHERE day > UTC_DATE() - INTERVAL 30 DAY
      GROUP BY tenant_id, folded) AS keywords
WHERE rank_no <= 20
ORDER BY tenant_id, rank_no, keyword;
