INSERT INTO shop_strategy (shop_id, name, version, body, made_by, is_on, switched_by)
SELECT
    %(shop_id)s, %(name)s, coalesce(max(s.version), 0) + 1, %(body)s, %(made_by)s, false, ''
FROM shop_strategy AS s
WHERE s.shop_id = %(shop_id)s AND s.name = %(name)s
RETURNING version
