SELECT
    id, marketplace_id, shop_id, order_id, case_id, number, kind, expected_fen, reported_fen,
    external_ref, reported_at, resolved_at, resolution, resolved_by, note
FROM payment_exception
WHERE id = %(id)s
FOR UPDATE
