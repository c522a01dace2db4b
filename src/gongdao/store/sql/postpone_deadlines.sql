-- A case that could not be decided is tried again later, ever later, and says why.
UPDATE deadline SET
    attempts = least(attempts + 1, 1000),
    trouble = %(trouble)s,
    claim_at = %(now)s + least(power(2, least(attempts, 12)) * interval '1 minute', interval '6 hours')
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s AND claim_at < %(now)s
