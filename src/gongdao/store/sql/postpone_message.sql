UPDATE outbox SET
    attempts = least(attempts + 1, 1000),
    trouble = %(trouble)s,
    try_at = clock_timestamp()
    + least(power(2, least(attempts, 12)) * interval '10 seconds', interval '6 hours')
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s AND seq = %(seq)s
