-- The lock keeps a second importer of the same file waiting, so no batch is taken twice.
SELECT position, orders, errors, finished_at FROM import_progress
WHERE marketplace_id = %(marketplace_id)s AND source = %(source)s
FOR UPDATE
