SELECT amount_fen FROM outside_refund
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s AND external_ref = %(external_ref)s
