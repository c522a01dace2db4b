UPDATE api_token AS t SET last_used_at = clock_timestamp()
FROM account_user AS u
WHERE
    t.hash = %(hash)s AND t.user_id = u.id AND u.is_active AND t.revoked_at IS NULL
    AND (t.expires_at IS NULL OR t.expires_at > clock_timestamp())
RETURNING t.id, t.user_id, t.role, t.scopes, t.shop_id, t.case_ids
