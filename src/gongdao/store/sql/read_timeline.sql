SELECT seq, body, recorded_at
FROM event
WHERE shop_id = %(shop_id)s AND case_id = %(case_id)s
ORDER BY seq
