-- A payment failed: its instruction goes out again, each time twice as late, so often and no more.
-- One that was confirmed or withdrawn meanwhile is never instructed again.
UPDATE outbox SET
    sent_at = NULL, trouble = %(trouble)s,
    try_at = clock_timestamp()
    + least(power(2, attempts) * interval '30 seconds', interval '6 hours') * %(delay)s::int
WHERE
    shop_id = %(shop_id)s AND case_id = %(case_id)s AND kind = 'payment.instructed'
    AND (convert_from(body, 'UTF8')::jsonb ->> 'number')::int = %(number)s
    AND (attempts < %(most_attempts)s OR %(delay)s = 0)
    AND EXISTS (
        SELECT FROM payment AS p
        WHERE
            p.shop_id = %(shop_id)s AND p.case_id = %(case_id)s AND p.number = %(number)s
            AND p.state IN ('granted', 'sent', 'failed')
    )
RETURNING seq, attempts, try_at, marketplace_id
