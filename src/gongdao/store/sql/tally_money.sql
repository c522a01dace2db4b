-- What each account gained (+) or gave (-), by purpose, over all entries of a marketplace's shops.
SELECT p.account, p.purpose, sum(p.amount_fen)::bigint
FROM posting AS p
INNER JOIN shop AS s ON p.shop_id = s.id
WHERE s.marketplace_id = %(marketplace_id)s
GROUP BY p.account, p.purpose
ORDER BY p.account, p.purpose
