-- Which API keys are accepted, the longest unused ones first? To revoke one, on all nodes within five seconds:
-- UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3) WHERE id = '...'
-- A key that signs requests is never sent with them.
-- Columns: tenant, id, scopes, topics, origins, signs, label, created_at, expires_at, last_used_at
SELECT t.name AS tenant, k.id, k.scopes, k.topics, k.origins, k.signing_secret IS NOT NULL AS signs, k.label, k.created_at, k.expires_at, k.last_used_at
FROM api_key k JOIN tenant t ON t.id = k.tenant_id
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > UTC_TIMESTAMP(3))
ORDER BY COALESCE(k.last_used_at, k.created_at), k.id;
