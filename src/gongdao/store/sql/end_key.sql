UPDATE api_token
SET expires_at = least(
    coalesce(expires_at, 'infinity'), clock_timestamp() + %(seconds)s * interval '1 second'
)
WHERE id = %(key_id)s
