SELECT marketplace_id, head_hash, order_body, snapshot
FROM cases
WHERE marketplace_id = %(marketplace_id)s AND buyer_id = %(buyer_id)s
