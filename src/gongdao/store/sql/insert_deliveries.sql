-- One message for every endpoint that wants to hear of an event; written with the event. A shop does
-- not hear what the platform's people say among themselves.
INSERT INTO webhook_delivery (id, endpoint_id, shop_id, case_id, seq, kind)
SELECT gen_random_uuid(), e.id, n.shop_id, n.case_id, n.seq, n.kind
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(marketplace_id)b::text[], %(seq)b::int[],
    %(kind)b::text[]
) AS n (shop_id, case_id, marketplace_id, seq, kind)
INNER JOIN webhook_endpoint AS e ON n.marketplace_id = e.marketplace_id
WHERE
    e.disabled_at IS NULL AND (e.shop_id IS NULL OR e.shop_id = n.shop_id)
    AND (e.kinds = '{}' OR n.kind = ANY(e.kinds))
    AND (
        e.shop_id IS NULL OR n.kind <> ALL(
            '{case.ruling_proposed,case.proposal_returned,case.marked,case.mark_lifted}'
        )
    )
