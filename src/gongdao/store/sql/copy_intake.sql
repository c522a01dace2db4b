COPY intake (ordinal, shop_id, order_id, buyer_id, placed_at, paid_fen, settled_at, snapshot)
FROM STDIN (FORMAT binary)
