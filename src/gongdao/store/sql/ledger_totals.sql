-- Money by marketplace, account and purpose; the orders' own entries apart from the cases'.
SELECT s.marketplace_id, p.account, p.purpose, sum(p.amount_fen)::bigint
FROM posting AS p
INNER JOIN shop AS s ON p.shop_id = s.id
WHERE s.marketplace_id = ANY(%(marketplace_ids)s::text[])
GROUP BY s.marketplace_id, p.account, p.purpose
ORDER BY s.marketplace_id, p.account, p.purpose
