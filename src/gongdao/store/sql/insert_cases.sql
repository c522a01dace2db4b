-- New cases, many at once.
INSERT INTO cases (
    shop_id, id, marketplace_id, order_id, buyer_id, version, claim, reason, requested_fen, stage,
    goods, money, arbitration, waits_for, outcome, opened_at, closed_at, next_due_at, head_hash,
    order_body, snapshot, region, counted_in_dispute_rate, counted_in_score, penalty_stands,
    paused_by
)
SELECT
    n.shop_id, n.id, n.marketplace_id, n.order_id, n.buyer_id, n.version, n.claim, n.reason,
    n.requested_fen, n.stage, n.goods, n.money, n.arbitration, n.waits_for::text[], n.outcome,
    n.opened_at, n.closed_at, n.next_due_at, n.head_hash, n.order_body, n.snapshot,
    n.region, n.counted_in_dispute_rate, n.counted_in_score, n.penalty_stands, n.paused_by::text[]
FROM unnest(
    %(shop_id)b::text[], %(id)b::uuid[], %(marketplace_id)b::text[], %(order_id)b::text[],
    %(buyer_id)b::text[], %(version)b::int[], %(claim)b::text[], %(reason)b::text[],
    %(requested_fen)b::bigint[], %(stage)b::text[], %(goods)b::text[], %(money)b::text[],
    %(arbitration)b::text[], %(waits_for)b::text[], %(outcome)b::text[],
    %(opened_at)b::timestamptz[], %(closed_at)b::timestamptz[], %(next_due_at)b::timestamptz[],
    %(head_hash)b::bytea[], %(order_body)b::bytea[], %(snapshot)b::bytea[],
    %(region)b::text[], %(counted_in_dispute_rate)b::boolean[], %(counted_in_score)b::boolean[],
    %(penalty_stands)b::boolean[], %(paused_by)b::text[]
) AS n (
    shop_id, id, marketplace_id, order_id, buyer_id, version, claim, reason, requested_fen, stage,
    goods, money, arbitration, waits_for, outcome, opened_at, closed_at, next_due_at, head_hash,
    order_body, snapshot, region, counted_in_dispute_rate, counted_in_score, penalty_stands,
    paused_by
)
