UPDATE personal_key AS k SET key = NULL, erased_at = clock_timestamp()
FROM unnest(%(shop_id)s::text [], %(order_id)s::text []) AS o (shop_id, order_id)
WHERE k.shop_id = o.shop_id AND k.order_id = o.order_id AND k.key IS NOT NULL
