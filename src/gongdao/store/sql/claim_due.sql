-- Cases whose clocks have run out, longest due first, skipping those that somebody else works on.
-- The lock is on the case: whoever holds it alone decides, so each deadline fires once.
-- Each case is looked up and locked on its own, in the order of the index, until the limit is
-- reached: written as a plain join, the planner would read and sort all that is due.
SELECT c.shop_id, c.id, c.marketplace_id, c.head_hash, c.order_body, c.snapshot
FROM deadline AS d
CROSS JOIN LATERAL (
    SELECT k.shop_id, k.id, k.marketplace_id, k.head_hash, k.order_body, k.snapshot
    FROM cases AS k
    WHERE k.shop_id = d.shop_id AND k.id = d.case_id
    FOR UPDATE SKIP LOCKED
) AS c
WHERE d.marketplace_id = %(marketplace_id)s AND NOT d.paused AND d.claim_at < %(now)s
ORDER BY d.claim_at
LIMIT %(limit)s
