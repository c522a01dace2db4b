SELECT id
FROM cases
WHERE id = ANY(%(case_ids)b::uuid[])
