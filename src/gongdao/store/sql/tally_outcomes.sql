-- Every case of a marketplace: how it ended, or where it stands.
SELECT id, claim, stage, outcome, arbitration, closed_at FROM cases
WHERE marketplace_id = %(marketplace_id)s
ORDER BY id
