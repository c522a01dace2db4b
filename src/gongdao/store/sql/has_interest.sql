SELECT EXISTS (
    SELECT 1 FROM membership
    WHERE
        user_id::text = %(user_id)s AND marketplace_id = %(marketplace_id)s
        AND (
            (role = 'buyer' AND buyer_id = %(buyer_id)s)
            OR (role = 'merchant' AND shop_id = %(shop_id)s)
        )
)
