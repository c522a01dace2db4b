INSERT INTO settlement (
    shop_id, order_id, marketplace_id, at, settled_fen, recouped_fen, reserved_fen, left_fen,
    category, reason_zh, reason_en, cite, release_at
)
SELECT
    n.shop_id, n.order_id, %(marketplace_id)s, n.at, n.settled_fen, n.recouped_fen, n.reserved_fen,
    n.reserved_fen, n.category, n.reason_zh, n.reason_en, n.cite::text[], n.release_at
FROM unnest(
    %(shop_id)b::text[], %(order_id)b::text[], %(at)b::timestamptz[], %(settled_fen)b::bigint[],
    %(recouped_fen)b::bigint[], %(reserved_fen)b::bigint[], %(category)b::text[],
    %(reason_zh)b::text[], %(reason_en)b::text[], %(cite)b::text[], %(release_at)b::timestamptz[]
) AS n (
    shop_id, order_id, at, settled_fen, recouped_fen, reserved_fen, category, reason_zh, reason_en,
    cite, release_at
)
ON CONFLICT (shop_id, order_id) DO NOTHING
RETURNING shop_id, order_id
