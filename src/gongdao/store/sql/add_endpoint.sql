INSERT INTO webhook_endpoint (id, marketplace_id, shop_id, url, secret, kinds, made_by)
VALUES (
    %(id)s, %(marketplace_id)s, %(shop_id)s, %(url)s, %(secret)s, %(kinds)s::text[], %(made_by)s
)
