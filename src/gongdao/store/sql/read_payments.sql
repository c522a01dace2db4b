SELECT number, reference, amount_fen, channel, state, external_ref, granted_at, moved_at
FROM payment
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
ORDER BY number
