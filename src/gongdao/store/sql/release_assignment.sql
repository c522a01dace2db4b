UPDATE assignment SET ended_at = clock_timestamp(), "end" = 'released'
WHERE id = %(id)s AND ended_at IS NULL
