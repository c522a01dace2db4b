SELECT m.role, m.marketplace_id, m.shop_id, m.buyer_id
FROM membership AS m
INNER JOIN account_user AS u ON m.user_id = u.id
WHERE m.user_id = %(user_id)s AND u.is_active
ORDER BY m.role, m.marketplace_id, m.shop_id, m.buyer_id
