SELECT k.shop_id, k.order_id, k.subject, k.key
FROM personal_key AS k
INNER JOIN unnest(%(shop_id)s::text[], %(order_id)s::text[]) AS o (shop_id, order_id)
    USING (shop_id, order_id)
