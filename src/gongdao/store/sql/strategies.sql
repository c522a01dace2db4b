SELECT name, version, body, made_by, made_at, tried_at, is_on, switched_by, switched_at
FROM shop_strategy
WHERE shop_id = %(shop_id)s
ORDER BY name, version
