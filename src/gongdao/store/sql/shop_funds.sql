-- What the deposits of these shops and their reserves stand at.
SELECT shop_id, account, sum(amount_fen)::bigint
FROM posting
WHERE shop_id = ANY(%(shop_id)s::text[]) AND account IN ('deposit', 'reserve')
GROUP BY shop_id, account
