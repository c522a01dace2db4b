-- Said again, it is the same exception.
INSERT INTO payment_exception (
    id, marketplace_id, shop_id, order_id, case_id, number, kind, expected_fen, reported_fen,
    external_ref
)
VALUES (
    %(id)s, %(marketplace_id)s, %(shop_id)s, %(order_id)s, %(case_id)s, %(number)s, %(kind)s,
    %(expected_fen)s, %(reported_fen)s, %(external_ref)s
)
ON CONFLICT ON CONSTRAINT payment_exception_once DO NOTHING
