UPDATE outbox SET sent_at = clock_timestamp(), attempts = attempts + 1, trouble = ''
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s AND seq = %(seq)s AND sent_at IS NULL
