INSERT INTO outbox (shop_id, case_id, seq, marketplace_id, kind, body)
SELECT n.shop_id, n.case_id, n.seq, n.marketplace_id, n.kind, n.body
FROM unnest(
    %(shop_id)b::text[], %(case_id)b::uuid[], %(seq)b::int[], %(marketplace_id)b::text[],
    %(kind)b::text[], %(body)b::bytea[]
) AS n (shop_id, case_id, seq, marketplace_id, kind, body)
