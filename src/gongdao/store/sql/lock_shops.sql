-- Shops, locked in one order so that two who settle with them cannot wait for each other.
SELECT id FROM shop WHERE id = ANY(%(shop_id)s::text[]) ORDER BY id FOR UPDATE
