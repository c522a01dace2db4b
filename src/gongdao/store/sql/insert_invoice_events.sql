INSERT INTO invoice_event (shop_id, task_id, seq, kind, at, recorded_at, actor, body, hash)
SELECT n.shop_id, n.task_id, n.seq, n.kind, n.at, clock_timestamp(), n.actor, n.body, n.hash
FROM unnest(
    %(shop_id)b::text[], %(task_id)b::uuid[], %(seq)b::int[], %(kind)b::text[],
    %(at)b::timestamptz[], %(actor)b::text[], %(body)b::bytea[], %(hash)b::bytea[]
) AS n (shop_id, task_id, seq, kind, at, actor, body, hash)
