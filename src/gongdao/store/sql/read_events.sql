SELECT body
FROM event
WHERE
    shop_id = %(shop_id)s AND case_id = %(case_id)s
    AND (%(last_seq)s::int IS NULL OR seq <= %(last_seq)s::int)
ORDER BY seq
