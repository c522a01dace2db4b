INSERT INTO shop (id, marketplace_id, title)
SELECT n.id, %(marketplace_id)s, n.title
FROM unnest(%(shop_id)b::text[], %(title)b::text[]) AS n (id, title)
ON CONFLICT (id) DO UPDATE SET title = excluded.title
WHERE shop.marketplace_id = excluded.marketplace_id AND excluded.title <> ''
