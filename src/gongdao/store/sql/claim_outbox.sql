-- Payment instructions of a sandbox that wait to be carried out. Those of other marketplaces wait
-- for their own payment systems.
SELECT o.shop_id, o.case_id, o.seq, o.body
FROM outbox AS o
WHERE o.marketplace_id = %(marketplace_id)s AND o.sent_at IS NULL AND o.try_at <= clock_timestamp()
ORDER BY o.try_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
