-- Tried again later, each time twice as late; given up after the last try.
UPDATE webhook_delivery SET
    trouble = %(trouble)s,
    try_at = clock_timestamp()
    + least(power(2, least(tries, 20)) * interval '5 seconds', interval '6 hours'),
    dead_at = CASE WHEN tries >= %(most_tries)s THEN clock_timestamp() END
WHERE id = %(delivery_id)s AND delivered_at IS NULL
RETURNING dead_at IS NOT NULL
