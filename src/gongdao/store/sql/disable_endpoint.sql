UPDATE webhook_endpoint SET disabled_at = clock_timestamp()
WHERE id = %(endpoint_id)s AND disabled_at IS NULL
