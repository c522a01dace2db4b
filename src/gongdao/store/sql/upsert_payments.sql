-- A payment is written when it is granted and rewritten when it moves.
INSERT INTO payment (
    shop_id, case_id, number, reference, amount_fen, channel, state, external_ref, granted_at,
    moved_at
)
SELECT
    n.shop_id, n.case_id, n.number, n.reference, n.amount_fen, n.channel, n.state, n.external_ref,
    n.at, n.at
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(number)b::int[], %(reference)b::text[],
    %(amount_fen)b::bigint[], %(channel)b::text[], %(state)b::text[], %(external_ref)b::text[],
    %(at)b::timestamptz[]
) AS n (shop_id, case_id, number, reference, amount_fen, channel, state, external_ref, at)
ON CONFLICT (shop_id, case_id, number) DO UPDATE SET
    state = excluded.state, external_ref = excluded.external_ref, moved_at = excluded.moved_at
