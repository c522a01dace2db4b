SELECT id
FROM cases
WHERE id = ANY(%(case_ids)b::uuid[]) AND shop_id = %(shop_id)s AND order_id = %(order_id)s
LIMIT 1
