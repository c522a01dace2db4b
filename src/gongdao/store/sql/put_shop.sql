INSERT INTO shop (id, marketplace_id, title) VALUES (%(shop_id)s, %(marketplace_id)s, %(title)s)
ON CONFLICT (id) DO UPDATE SET title = excluded.title
