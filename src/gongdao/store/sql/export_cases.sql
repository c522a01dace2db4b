-- Cases in which something happened on the day, with their events up to its end.
WITH moved AS (
    SELECT e.shop_id, e.case_id, max(e.seq) AS last_seq FROM event AS e
    WHERE e.at >= %(since)s::timestamptz AND e.at < %(until)s::timestamptz
    GROUP BY e.shop_id, e.case_id
)
SELECT
    c.marketplace_id,
    ARRAY(
        SELECT e.body FROM event AS e
        WHERE e.shop_id = m.shop_id AND e.case_id = m.case_id AND e.seq <= m.last_seq
        ORDER BY e.seq
    )
FROM moved AS m
INNER JOIN cases AS c ON m.shop_id = c.shop_id AND m.case_id = c.id
WHERE %(marketplace_id)s::text IS NULL OR c.marketplace_id = %(marketplace_id)s::text
ORDER BY m.shop_id, m.case_id
