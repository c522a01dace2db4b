INSERT INTO assignment (id, shop_id, case_id, marketplace_id, role, user_id, expires_at)
VALUES (
    %(id)s, %(shop_id)s, %(case_id)s, %(marketplace_id)s, %(role)s, %(user_id)s,
    clock_timestamp() + %(hold_seconds)s * interval '1 second'
)
ON CONFLICT (shop_id, case_id, role) WHERE ended_at IS NULL DO NOTHING
