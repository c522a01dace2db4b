SELECT
    k.case_id, k.number, k.about, k.subject, k.kind, k.cause, k.actor, k.at, k.lifted_at
FROM conduct_mark AS k
WHERE
    k.marketplace_id = ANY(%(marketplace_ids)s::text[])
    AND (%(about)s::text IS NULL OR k.about = %(about)s::text)
    AND (%(subject)s::text IS NULL OR k.subject = %(subject)s::text)
    AND (NOT %(standing)s::boolean OR k.lifted_at IS NULL)
ORDER BY k.at DESC, k.case_id, k.number
LIMIT 500
