CREATE TEMPORARY TABLE IF NOT EXISTS intake (
    ordinal integer, shop_id text, order_id text, buyer_id text, placed_at timestamptz,
    paid_fen bigint, settled_at timestamptz, snapshot bytea
) ON COMMIT DELETE ROWS
