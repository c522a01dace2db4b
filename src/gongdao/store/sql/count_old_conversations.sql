SELECT count(*) FROM personal_key AS k
WHERE
    k.marketplace_id = %(marketplace_id)s AND k.key IS NOT NULL AND starts_with(k.order_id, 'im:')
    AND EXISTS (
        SELECT 1 FROM message AS m
        WHERE m.shop_id = k.shop_id AND m.session_id = substr(k.order_id, 4)
    )
    AND NOT EXISTS (
        SELECT 1 FROM message AS m
        WHERE
            m.shop_id = k.shop_id AND m.session_id = substr(k.order_id, 4)
            AND m.at >= %(before)s::timestamptz
    )
