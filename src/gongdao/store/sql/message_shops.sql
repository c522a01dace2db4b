INSERT INTO shop (id, marketplace_id, title)
SELECT n.shop_id, %(marketplace_id)s, '' FROM unnest(%(shop_id)s::text []) AS n (shop_id)
ON CONFLICT (id) DO NOTHING
