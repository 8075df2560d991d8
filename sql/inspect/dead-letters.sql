-- Which valid events did the database refuse, and why? Replay them with: lastword rejected replay
-- Columns: rejected_at, tenant_id, topic, event_id, reason, event
SELECT rejected_at, tenant_id, topic, event_id, reason, LEFT(event, 200) AS event
FROM rejected_event
ORDER BY rejected_at DESC, id DESC
LIMIT 100;
