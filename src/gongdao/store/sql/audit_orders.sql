-- Orders whose counters disagree with their cases; the cases' side is summed by the caller.
SELECT shop_id, order_id, refunded_fen, held_fen
FROM orders
WHERE refunded_fen <> 0 OR held_fen <> 0
