-- How far are the streams? One row for each feed: positions given and forgotten, transactions kept, and those that wait.
-- Transactions wait for half a second; where they are more and more, no node gives positions: look at its log.
-- Columns: feed, last_position, dropped_position, kept, waiting
SELECT IF(head.feed = 1, 'searches', 'events') AS feed, head.last_position, head.dropped_position,
       (SELECT COUNT(*) FROM feed WHERE feed.feed = head.feed) AS kept,
       (SELECT COUNT(*) FROM feed_outbox WHERE feed_outbox.feed = head.feed) AS waiting
FROM feed_head AS head
ORDER BY head.feed;
