WITH gone AS (
    DELETE FROM import_row_error
    WHERE marketplace_id = %(marketplace_id)s AND source = %(source)s
)
DELETE FROM import_progress
WHERE marketplace_id = %(marketplace_id)s AND source = %(source)s
