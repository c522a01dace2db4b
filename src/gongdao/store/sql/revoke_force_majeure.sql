UPDATE force_majeure SET revoked_by = %(by)s, revoked_at = %(at)s, revoked_because = %(because)s
WHERE id = %(id)s AND revoked_at IS NULL
