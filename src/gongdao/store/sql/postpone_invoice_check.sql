-- Later each time, at most an hour.
UPDATE invoice_check
SET
    attempts = least(attempts + 1, 1000),
    trouble = %(trouble)s,
    try_at = clock_timestamp() + least(3600, 2 ^ least(attempts, 12)) * interval '1 second'
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
