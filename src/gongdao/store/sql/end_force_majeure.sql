UPDATE force_majeure SET ended_by = %(by)s, ended_at = %(at)s
WHERE id = %(id)s AND ended_at IS NULL
