-- What may yet be taken from a shop's deposit: disputes before the platform, by the amount asked;
-- payouts due from the merchant himself, by what is not paid.
SELECT c.id, c.order_id, 'payout' AS matter, p.amount_fen, p.granted_at
FROM cases AS c
INNER JOIN payment AS p ON c.shop_id = p.shop_id AND c.id = p.case_id
WHERE
    c.shop_id = %(shop_id)s AND c.closed_at IS NULL AND p.channel = 'merchant'
    AND p.state NOT IN ('confirmed', 'void')
UNION ALL
SELECT c.id, c.order_id, 'dispute' AS matter, c.requested_fen, c.opened_at
FROM cases AS c
WHERE
    c.shop_id = %(shop_id)s AND c.closed_at IS NULL AND c.arbitration <> 'none'
    AND NOT EXISTS (
        SELECT FROM payment AS p
        WHERE
            p.shop_id = c.shop_id AND p.case_id = c.id AND p.channel = 'merchant'
            AND p.state NOT IN ('confirmed', 'void')
    )
ORDER BY 5, 1, 3
