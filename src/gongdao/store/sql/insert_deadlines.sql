INSERT INTO deadline (
    shop_id, case_id, track, name, marketplace_id, due_at, claim_at, paused, reason_zh, reason_en,
    cite
)
SELECT
    n.shop_id, n.case_id, n.track, n.name, n.marketplace_id, n.due_at, n.due_at, n.paused,
    n.reason_zh, n.reason_en, n.cite::text[]
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(track)b::text[], %(name)b::text[],
    %(marketplace_id)b::text[], %(due_at)b::timestamptz[], %(paused)b::boolean[],
    %(reason_zh)b::text[], %(reason_en)b::text[], %(cite)b::text[]
) AS n (
    shop_id, case_id, track, name, marketplace_id, due_at, paused, reason_zh, reason_en, cite
)
