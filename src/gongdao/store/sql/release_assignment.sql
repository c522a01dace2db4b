-- What a person has taken in a role, of these cases.
UPDATE assignment SET ended_at = clock_timestamp(), "end" = 'released'
WHERE
    shop_id = %(shop_id)s AND case_id = ANY(%(case_ids)s) AND role = %(role)s
    AND user_id = %(user_id)s AND ended_at IS NULL
