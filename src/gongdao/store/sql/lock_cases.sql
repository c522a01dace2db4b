-- Given cases, locked in one order so that two askers cannot wait for each other.
SELECT c.marketplace_id, c.head_hash, c.order_body, c.snapshot
FROM cases AS c
WHERE c.id = ANY(%(case_ids)b::uuid[])
ORDER BY c.shop_id, c.id
FOR UPDATE
