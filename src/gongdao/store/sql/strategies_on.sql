SELECT shop_id, name, version, body
FROM shop_strategy
WHERE shop_id = any(%(shop_id)s) AND is_on
ORDER BY shop_id, name
