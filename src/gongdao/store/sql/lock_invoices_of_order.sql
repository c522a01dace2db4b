SELECT i.id, i.shop_id, i.order_id, i.number, i.medium, i.amount_fen, i.issued_at, i.reversed_fen
FROM invoice AS i
WHERE i.shop_id = %(shop_id)s AND i.order_id = %(order_id)s
ORDER BY i.issued_at, i.id
FOR UPDATE
