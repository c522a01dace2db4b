INSERT INTO api_token (id, user_id, role, name, hash, scopes, expires_at, shop_id, case_ids)
VALUES (
    %(id)s, %(user_id)s, %(role)s, %(name)s, %(hash)s, %(scopes)s::text[], %(expires_at)s,
    %(shop_id)s, %(case_ids)s::uuid[]
)
