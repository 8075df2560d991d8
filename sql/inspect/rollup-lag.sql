-- How far are the counts behind the logs? Rows without a position are in feed_outbox.
-- Columns: feed, counted, last_position, to_count, without_position, as_of
SELECT IF(r.feed = 1, 'searches', 'events') AS feed, r.position AS counted, h.last_position,
       h.last_position - r.position AS to_count,
       (SELECT COALESCE(SUM(o.size), 0) FROM feed_outbox o WHERE o.feed = r.feed) AS without_position,
       r.as_of
FROM rollup_head r
JOIN feed_head h ON h.feed = r.feed;
