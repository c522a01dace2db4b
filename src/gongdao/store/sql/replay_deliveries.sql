-- Dead letters of an endpoint go out again: one, or all of them.
UPDATE webhook_delivery SET dead_at = NULL, tries = 0, try_at = clock_timestamp()
WHERE
    endpoint_id = %(endpoint_id)s AND dead_at IS NOT NULL
    AND (%(delivery_id)s::uuid IS NULL OR id = %(delivery_id)s)
