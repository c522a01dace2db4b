-- Cases to look at now, skipping those that somebody else looks at.
SELECT shop_id, case_id, marketplace_id FROM invoice_check
WHERE
    try_at <= clock_timestamp()
    AND (%(marketplace_id)b::text IS NULL OR marketplace_id = %(marketplace_id)b::text)
ORDER BY try_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
