SELECT id FROM force_majeure
WHERE id = %(id)s AND revoked_at IS NULL AND ended_at IS NULL
FOR SHARE
