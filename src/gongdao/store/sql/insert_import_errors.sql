INSERT INTO import_row_error
    (marketplace_id, source, "row", code, field, message_zh, message_en)
SELECT %(marketplace_id)s, %(source)s, n.*
FROM unnest(
    %(row)b::bigint[], %(code)b::text[], %(field)b::text[], %(zh)b::text[], %(en)b::text[]
) AS n
