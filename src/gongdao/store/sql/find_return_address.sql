SELECT return_name, return_phone, return_region, return_address
FROM shop_return_address
WHERE shop_id = %(shop_id)s
ORDER BY number DESC
LIMIT 1
