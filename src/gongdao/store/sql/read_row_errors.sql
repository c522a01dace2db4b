SELECT row, code, field, message_zh, message_en
FROM import_row_error
WHERE marketplace_id = %(marketplace_id)s AND source = %(source)s
ORDER BY row, id
