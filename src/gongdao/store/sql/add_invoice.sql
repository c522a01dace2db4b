INSERT INTO invoice (
    shop_id, id, marketplace_id, order_id, number, medium, amount_fen, issued_at, told_by
) VALUES (
    %(shop_id)s, %(id)s, %(marketplace_id)s, %(order_id)s, %(number)s, %(medium)s, %(amount_fen)s,
    %(issued_at)s, %(told_by)s
)
ON CONFLICT (shop_id, number) DO NOTHING
