UPDATE orders SET outside_fen = outside_fen + %(amount_fen)s
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
