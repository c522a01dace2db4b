-- A stretch of cases after the last one seen, each with everything that has to agree with it.
SELECT
    c.shop_id, c.id, c.marketplace_id, c.order_id, c.buyer_id, c.version, c.claim, c.reason,
    c.requested_fen, c.stage, c.goods, c.money, c.arbitration, c.waits_for, c.outcome, c.opened_at,
    c.closed_at, c.next_due_at, c.head_hash, c.order_body, c.snapshot, c.region, c.counted_in_dispute_rate,
    c.counted_in_score, c.penalty_stands, c.paused_by,
    ARRAY(
        SELECT e.body FROM event AS e
        WHERE e.shop_id = c.shop_id AND e.case_id = c.id ORDER BY e.seq
    ),
    ARRAY(
        SELECT e.hash FROM event AS e
        WHERE e.shop_id = c.shop_id AND e.case_id = c.id ORDER BY e.seq
    ),
    ARRAY(
        SELECT format('%%s %%s %%s', d.track, d.name, extract(epoch FROM d.due_at)::numeric(20, 6))
        FROM deadline AS d
        WHERE d.shop_id = c.shop_id AND d.case_id = c.id ORDER BY d.track, d.name
    ),
    ARRAY(
        SELECT format('%%s %%s %%s %%s %%s', p.seq, p.line, p.account, p.amount_fen, p.purpose)
        FROM posting AS p
        WHERE p.shop_id = c.shop_id AND p.order_id = c.order_id AND p.case_id = c.id
        ORDER BY p.seq, p.line
    ),
    ARRAY(
        SELECT format('%%s %%s %%s', p.number, p.amount_fen, p.state) FROM payment AS p
        WHERE p.shop_id = c.shop_id AND p.case_id = c.id ORDER BY p.number
    )
FROM cases AS c
WHERE (c.shop_id, c.id) > (%(shop_id)s, %(case_id)s)
ORDER BY c.shop_id, c.id
LIMIT %(limit)s
