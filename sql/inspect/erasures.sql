-- What was erased, newest first? Rows without finished_at are being worked on.
-- Columns: id, tenant, requested_at, finished_at, actor, staged, searches, events, dead_letters, answers, active_days
SELECT e.id, t.name AS tenant, e.requested_at, e.finished_at, e.actor, e.staged, e.searches, e.events, e.dead_letters, e.answers,
       e.active_days
FROM erasure e JOIN tenant t ON t.id = e.tenant_id
ORDER BY e.id DESC
LIMIT 100;
