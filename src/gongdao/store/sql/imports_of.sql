SELECT source, position, orders, errors, finished_at, updated_at
FROM import_progress
WHERE marketplace_id = %(marketplace_id)s
ORDER BY updated_at DESC, source
LIMIT 200
