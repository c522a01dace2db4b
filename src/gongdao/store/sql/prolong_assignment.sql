-- What a person has taken in a role, of these cases.
UPDATE assignment
SET expires_at = clock_timestamp() + %(hold_seconds)s * interval '1 second'
WHERE
    shop_id = %(shop_id)s AND case_id = ANY(%(case_ids)s) AND role = %(role)s
    AND user_id = %(user_id)s AND ended_at IS NULL
