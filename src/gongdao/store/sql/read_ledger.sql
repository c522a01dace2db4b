SELECT seq, account, amount_fen, purpose, at
FROM posting
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND case_id = ANY(%(case_ids)b::uuid[])
ORDER BY seq, line
