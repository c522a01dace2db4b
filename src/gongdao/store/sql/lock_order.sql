SELECT marketplace_id, paid_fen - refunded_fen - held_fen - outside_fen, snapshot
FROM orders
WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s
FOR UPDATE
