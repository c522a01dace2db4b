-- What was said in conversations that ended long ago; `im:` marks keys of conversations.
UPDATE personal_key AS k SET key = NULL, erased_at = clock_timestamp()
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
