SELECT shop_id, marketplace_id, head_hash, order_body, snapshot
FROM cases
WHERE id = %(case_id)s
FOR UPDATE
