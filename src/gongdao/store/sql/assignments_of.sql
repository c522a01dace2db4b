SELECT id, shop_id, case_id, role, user_id, taken_at, expires_at FROM assignment
WHERE
    user_id = %(user_id)s AND role = %(role)s AND marketplace_id = ANY(%(marketplace_ids)s)
    AND ended_at IS NULL AND expires_at > clock_timestamp()
ORDER BY taken_at
