UPDATE outbox AS o SET sent_at = clock_timestamp(), attempts = o.attempts + 1, trouble = ''
FROM unnest(%(shop_id)b::text[], %(case_id)b::uuid[], %(seq)b::int[]) AS n (shop_id, case_id, seq)
WHERE o.shop_id = n.shop_id AND o.case_id = n.case_id AND o.seq = n.seq
