SELECT fingerprint, case_id, first_seq, last_seq
FROM command_receipt
WHERE shop_id = %(shop_id)s AND actor = %(actor)s AND key = %(key)s
