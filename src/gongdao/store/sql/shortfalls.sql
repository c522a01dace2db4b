-- Shops whose deposit lacks something, the most first; what recoupments took last.
SELECT s.marketplace_id, p.shop_id, -sum(p.amount_fen)::bigint AS lacks,
    max(p.at) FILTER (WHERE p.purpose = 'recoupment' AND p.amount_fen < 0)
FROM posting AS p
INNER JOIN shop AS s ON p.shop_id = s.id
WHERE p.account = 'deposit' AND s.marketplace_id = ANY(%(marketplace_ids)s::text[])
GROUP BY s.marketplace_id, p.shop_id
HAVING sum(p.amount_fen) < 0
ORDER BY lacks DESC, p.shop_id
LIMIT %(limit)s
