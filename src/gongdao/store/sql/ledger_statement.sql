SELECT at, order_id, case_id, seq, account, amount_fen, purpose
FROM posting
WHERE shop_id = %(shop_id)s AND at >= %(since)s AND at < %(until)s
ORDER BY at, order_id, case_id, seq, line
