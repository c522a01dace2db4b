-- A shop's deposit, and what open disputes may yet cost it.
SELECT
    (
        SELECT coalesce(sum(amount_fen), 0) FROM posting
        WHERE shop_id = %(shop_id)s AND account = 'deposit'
    )::bigint,
    (
        SELECT coalesce(sum(requested_fen), 0) FROM cases
        WHERE shop_id = %(shop_id)s AND closed_at IS NULL AND arbitration <> 'none'
    )::bigint
