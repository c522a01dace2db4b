INSERT INTO outside_refund (
    shop_id, order_id, external_ref, amount_fen, entry_id, reported_by, at
)
VALUES (
    %(shop_id)s, %(order_id)s, %(external_ref)s, %(amount_fen)s, %(entry_id)s, %(reported_by)s,
    %(at)s
)
ON CONFLICT (shop_id, order_id, external_ref) DO NOTHING
