-- A recoupment was withdrawn: the reserves have what it took again, save those released meanwhile.
WITH undone AS (
    UPDATE reserve_draw SET undone_at = %(at)s
    WHERE
        shop_id = %(shop_id)s AND case_id = %(case_id)s AND number = %(number)s
        AND undone_at IS NULL
    RETURNING shop_id, order_id, amount_fen
)
UPDATE settlement AS s SET
    left_fen = s.left_fen + CASE WHEN s.released_at IS NULL THEN u.amount_fen ELSE 0 END
FROM undone AS u
WHERE s.shop_id = u.shop_id AND s.order_id = u.order_id
RETURNING s.order_id, u.amount_fen, s.released_at IS NOT NULL
