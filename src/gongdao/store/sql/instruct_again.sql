-- The endpoints that heard the instruction hear it again, under a new id: it is another attempt.
INSERT INTO webhook_delivery (id, endpoint_id, shop_id, case_id, seq, kind, attempt, try_at)
SELECT
    gen_random_uuid(), d.endpoint_id, d.shop_id, d.case_id, d.seq, d.kind, max(d.attempt) + 1,
    %(try_at)s
FROM webhook_delivery AS d
WHERE
    d.shop_id = %(shop_id)s AND d.case_id = %(case_id)s AND d.seq = %(seq)s
    AND d.kind = 'payment.instructed'
GROUP BY d.endpoint_id, d.shop_id, d.case_id, d.seq, d.kind
