SELECT c.id
FROM unnest(%(shop_id)s::text[], %(order_id)s::text[]) AS k (shop_id, order_id)
INNER JOIN cases AS c ON k.shop_id = c.shop_id AND k.order_id = c.order_id
WHERE c.closed_at IS NULL
ORDER BY c.id
