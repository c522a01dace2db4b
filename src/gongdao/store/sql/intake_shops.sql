INSERT INTO shop (id, marketplace_id, title)
SELECT DISTINCT i.shop_id, %(marketplace_id)s, '' FROM intake AS i
ON CONFLICT (id) DO NOTHING
