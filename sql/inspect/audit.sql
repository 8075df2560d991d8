-- Who created or revoked keys and tenants, newest first?
-- Columns: done_at, tenant, actor, action, subject, detail
SELECT a.done_at, t.name AS tenant, a.actor, a.action, a.subject, a.detail
FROM admin_audit a JOIN tenant t ON t.id = a.tenant_id
ORDER BY a.id DESC
LIMIT 100;
