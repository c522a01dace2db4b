-- A mark is written when it is made and rewritten when it is lifted.
INSERT INTO conduct_mark (
    shop_id, case_id, number, marketplace_id, about, subject, kind, cause, actor, at, lifted_at
)
SELECT
    n.shop_id, n.case_id, n.number, n.marketplace_id, n.about, n.subject, n.kind, n.cause, n.actor,
    n.at, n.lifted_at
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(number)b::int[], %(marketplace_id)b::text[],
    %(about)b::text[], %(subject)b::text[], %(kind)b::text[], %(cause)b::text[],
    %(actor)b::text[], %(at)b::timestamptz[], %(lifted_at)b::timestamptz[]
) AS n (
    shop_id, case_id, number, marketplace_id, about, subject, kind, cause, actor, at, lifted_at
)
ON CONFLICT (shop_id, case_id, number) DO UPDATE SET lifted_at = excluded.lifted_at
