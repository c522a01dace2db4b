INSERT INTO import_row_error (
    marketplace_id, source, row, code, field, message_zh, message_en
)
SELECT
    %(marketplace_id)s, %(source)s, n.row, n.code, nullif(n.field, ''), n.message_zh, n.message_en
FROM unnest(
    %(row)b::bigint[], %(code)b::text[], %(field)b::text[], %(message_zh)b::text[],
    %(message_en)b::text[]
) AS n (row, code, field, message_zh, message_en)
