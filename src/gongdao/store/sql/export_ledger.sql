SELECT
    s.marketplace_id, p.shop_id, p.order_id, p.case_id, p.seq, p.line, p.account, p.amount_fen,
    p.purpose, p.at
FROM posting AS p
INNER JOIN shop AS s ON p.shop_id = s.id
WHERE
    p.at >= %(since)s::timestamptz AND p.at < %(until)s::timestamptz
    AND (%(marketplace_id)s::text IS NULL OR s.marketplace_id = %(marketplace_id)s::text)
ORDER BY p.shop_id, p.order_id, p.case_id, p.seq, p.line
