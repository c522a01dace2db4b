SELECT
    id, name, role, shop_id, scopes, created_at, expires_at, revoked_at, last_used_at, case_ids
FROM api_token
WHERE user_id = %(user_id)s AND role = %(role)s
ORDER BY created_at DESC, id DESC
