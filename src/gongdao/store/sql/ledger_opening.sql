-- What each account of a shop stood at before an instant.
SELECT account, sum(amount_fen)::bigint
FROM posting
WHERE shop_id = %(shop_id)s AND at < %(since)s
GROUP BY account
ORDER BY account
