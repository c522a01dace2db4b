SELECT subject, key
FROM personal_key
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
