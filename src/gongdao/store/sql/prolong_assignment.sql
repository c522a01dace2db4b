UPDATE assignment
SET expires_at = clock_timestamp() + %(hold_seconds)s * interval '1 second'
WHERE id = %(id)s AND ended_at IS NULL
