SELECT shop_id, case_id, track, name, due_at, claim_at, attempts, trouble
FROM deadline
WHERE marketplace_id = ANY(%(marketplace_ids)s::text[]) AND attempts > 0
ORDER BY due_at
LIMIT 100
