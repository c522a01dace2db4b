-- Cases that moved, each from the version its decision was made on.
UPDATE cases AS c SET
    version = n.version, stage = n.stage, goods = n.goods, money = n.money,
    arbitration = n.arbitration, waits_for = n.waits_for::text[], outcome = n.outcome,
    closed_at = n.closed_at, next_due_at = n.next_due_at, head_hash = n.head_hash,
    snapshot = n.snapshot, counted_in_dispute_rate = n.counted_in_dispute_rate,
    counted_in_score = n.counted_in_score, penalty_stands = n.penalty_stands,
    paused_by = n.paused_by::text[]
FROM unnest(
    %(shop_id)b::text[], %(id)b::uuid[], %(was)b::int[], %(version)b::int[], %(stage)b::text[],
    %(goods)b::text[], %(money)b::text[], %(arbitration)b::text[], %(waits_for)b::text[],
    %(outcome)b::text[], %(closed_at)b::timestamptz[], %(next_due_at)b::timestamptz[],
    %(head_hash)b::bytea[], %(snapshot)b::bytea[],
    %(counted_in_dispute_rate)b::boolean[], %(counted_in_score)b::boolean[],
    %(penalty_stands)b::boolean[], %(paused_by)b::text[]
) AS n (
    shop_id, id, was, version, stage, goods, money, arbitration, waits_for, outcome, closed_at,
    next_due_at, head_hash, snapshot, counted_in_dispute_rate, counted_in_score, penalty_stands,
    paused_by
)
WHERE c.shop_id = n.shop_id AND c.id = n.id AND c.version = n.was
