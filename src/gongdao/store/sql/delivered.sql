UPDATE webhook_delivery SET delivered_at = clock_timestamp(), trouble = ''
WHERE id = %(delivery_id)s AND delivered_at IS NULL
