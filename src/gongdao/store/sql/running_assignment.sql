SELECT id, shop_id, case_id, role, user_id, taken_at, expires_at FROM assignment
WHERE
    shop_id = %(shop_id)s AND case_id = %(case_id)s AND role = %(role)s
    AND ended_at IS NULL AND expires_at > clock_timestamp()
