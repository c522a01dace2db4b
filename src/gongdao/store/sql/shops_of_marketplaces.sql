SELECT id FROM shop WHERE marketplace_id = ANY(%(marketplace_id)s::text []) ORDER BY id
