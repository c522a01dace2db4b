SELECT position, orders, errors, finished_at IS NOT NULL
FROM import_progress
WHERE marketplace_id = %(marketplace_id)s AND source = %(source)s
