-- Cases whose clocks have run out, longest due first, skipping those that somebody else works on.
-- The lock is on the case: whoever holds it alone decides, so each deadline fires once.
SELECT c.shop_id, c.id, c.marketplace_id, c.head_hash, c.order_body, c.snapshot
FROM deadline AS d
INNER JOIN cases AS c ON d.shop_id = c.shop_id AND d.case_id = c.id
WHERE d.marketplace_id = %(marketplace_id)s AND NOT d.paused AND d.claim_at < %(now)s
ORDER BY d.claim_at
LIMIT %(limit)s
FOR UPDATE OF c SKIP LOCKED
