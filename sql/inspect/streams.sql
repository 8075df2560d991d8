-- How far are the streams? One row for each feed: last and dropped position, transactions kept, and those that wait.
-- Transactions wait for half a second. If their number grows, no node assigns positions: check its log.
-- Columns: feed, last_position, dropped_position, kept, waiting
SELECT IF(head.feed = 1, 'searches', 'events') AS feed, head.last_position, head.dropped_position,
       (SELECT COUNT(*) FROM feed WHERE feed.feed = head.feed) AS kept,
       (SELECT COUNT(*) FROM feed_outbox WHERE feed_outbox.feed = head.feed) AS waiting
FROM feed_head AS head
ORDER BY head.feed;
