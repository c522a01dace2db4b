UPDATE api_token SET revoked_at = clock_timestamp()
WHERE id = %(key_id)s AND revoked_at IS NULL
