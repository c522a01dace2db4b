-- How the merchant's account of a shop moved, day by day in Beijing time.
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(amount_fen)::bigint
FROM posting
WHERE
    shop_id = %(shop_id)s AND account = %(account)s
    AND at >= %(since)s AND at < %(until)s
GROUP BY day
ORDER BY day
