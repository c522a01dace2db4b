-- The peer: every due clock fired by one set-based statement that knows only the two acts which the
-- market measured on needs. It writes the same rows as the worker, byte for byte: dollar-braced names are what the
-- program writes today, as SQL (firing_sql.py).
WITH due AS MATERIALIZED (
    SELECT
        d.shop_id, d.case_id, d.name, d.due_at, d.marketplace_id, c.version, c.head_hash,
        c.requested_fen, c.order_id, c.buyer_id, c.stage,
        split_part(convert_from(c.snapshot, 'UTF8'), '"tracks":', 1) AS head,
        '"facts":' || split_part(convert_from(c.snapshot, 'UTF8'), '"facts":', 2) AS tail,
        c.order_body,
        to_char(d.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
    FROM deadline AS d
    INNER JOIN cases AS c ON d.shop_id = c.shop_id AND d.case_id = c.id
    WHERE d.marketplace_id = %(marketplace_id)s AND NOT d.paused AND d.claim_at < %(now)s
    ORDER BY d.claim_at
    LIMIT %(limit)s
    FOR UPDATE OF c SKIP LOCKED
),
-- 48 hours without an answer: agreed, and 7 days begin for the buyer to send the goods back.
agreeing AS (
    SELECT
        due.*, due_at + interval '7 days' AS next_at,
        to_char((due_at + interval '7 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            AS next_text,
        to_char(due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS since
    FROM due WHERE name = 'merchant_reply'
),
agreed AS MATERIALIZED (
    SELECT
        agreeing.*, ${reason_zh} AS zh, ${reason_en} AS en,
        convert_to(${agreed_body}, 'UTF8') AS body,
        convert_to(
            replace(head, '"version":' || version || ',', '"version":' || version + 1 || ',')
            || ${agreed_middle} || ${agreed_tail}, 'UTF8'
        ) AS snapshot
    FROM agreeing
),
-- 7 days without confirmation: received, refunded, closed.
refunding AS (
    SELECT
        due.*,
        least(
            due.requested_fen,
            o.paid_fen - (convert_from(due.order_body, 'UTF8')::json ->> 'freight_fen')::bigint
        ) AS fen
    FROM due INNER JOIN orders AS o ON due.shop_id = o.shop_id AND due.order_id = o.order_id
    WHERE due.name = 'receipt'
),
told_as AS (
    SELECT
        refunding.*, convert_to(${acted_body}, 'UTF8') AS body_1,
        convert_to(${granted_body}, 'UTF8') AS body_2,
        convert_to(${closed_body}, 'UTF8') AS body_3
    FROM refunding
),
chained_1 AS (SELECT told_as.*, sha256(head_hash || body_1) AS hash_1 FROM told_as),
chained_2 AS (SELECT chained_1.*, sha256(hash_1 || body_2) AS hash_2 FROM chained_1),
closed AS MATERIALIZED (
    SELECT
        chained_2.*, sha256(hash_2 || body_3) AS hash_3,
        convert_to(
            replace(head, '"version":' || version || ',', '"version":' || version + 3 || ',')
            || ${closed_middle} || ${closed_tail}, 'UTF8'
        ) AS snapshot
    FROM chained_2
),
moved AS (
    UPDATE cases AS c SET
        version = n.version, stage = n.stage, goods = n.goods, money = n.money,
        waits_for = n.waits_for, outcome = n.outcome, closed_at = n.closed_at,
        next_due_at = n.next_due_at, head_hash = n.head_hash, snapshot = n.snapshot
    FROM (
        SELECT
            shop_id, case_id, version + 1 AS version, 'awaiting_return' AS stage,
            'with_buyer' AS goods, 'none' AS money, ARRAY['buyer'] AS waits_for, NULL AS outcome,
            NULL::timestamptz AS closed_at, next_at AS next_due_at,
            sha256(head_hash || body) AS head_hash, snapshot
        FROM agreed
        UNION ALL
        SELECT
            shop_id, case_id, version + 3, 'returned_refunded', 'returned', 'granted',
            ARRAY[]::text[], 'returned_refunded', due_at, NULL, hash_3, snapshot
        FROM closed
    ) AS n
    WHERE c.shop_id = n.shop_id AND c.id = n.case_id
),
told AS (
    INSERT INTO event (shop_id, case_id, seq, kind, at, recorded_at, actor, body, hash)
    SELECT
        shop_id, case_id, version + 1, 'acted', due_at, clock_timestamp(), 'clock', body,
        sha256(head_hash || body)
    FROM agreed
    UNION ALL
    SELECT
        n.shop_id, n.case_id, n.version + e.step, e.kind, n.due_at, clock_timestamp(), e.actor,
        e.body, e.hash
    FROM closed AS n
    CROSS JOIN LATERAL (
        VALUES
        (1, 'acted', 'clock', n.body_1, n.hash_1),
        (2, 'money_granted', '', n.body_2, n.hash_2),
        (3, 'closed', '', n.body_3, n.hash_3)
    ) AS e (step, kind, actor, body, hash)
),
stopped AS (
    DELETE FROM deadline AS d USING due
    WHERE
        d.shop_id = due.shop_id AND d.case_id = due.case_id AND d.track = 'after_sale'
        AND d.name = due.name
),
started AS (
    INSERT INTO deadline (
        shop_id, case_id, track, name, marketplace_id, due_at, claim_at, paused, reason_zh,
        reason_en, cite
    )
    SELECT
        shop_id, case_id, 'after_sale', 'tracking', marketplace_id, next_at, next_at, FALSE, zh,
        en, ARRAY['KS-AS-11']
    FROM agreed
),
money AS (
    UPDATE orders AS o SET
        refunded_fen = o.refunded_fen + closed.fen, held_fen = o.held_fen - closed.requested_fen
    FROM closed
    WHERE o.shop_id = closed.shop_id AND o.order_id = closed.order_id
),
posted AS (
    INSERT INTO posting (shop_id, order_id, case_id, seq, line, account, amount_fen, purpose, at)
    SELECT
        n.shop_id, n.order_id, n.case_id, n.version + 2, p.line, p.account, p.fen, 'goods',
        n.due_at
    FROM closed AS n
    CROSS JOIN LATERAL (
        VALUES (0, 'merchant', -n.fen), (1, 'payable', n.fen)
    ) AS p (line, account, fen)
),
paying AS (
    INSERT INTO payment (
        shop_id, case_id, number, reference, amount_fen, channel, state, granted_at, moved_at
    )
    SELECT
        shop_id, case_id, 1, case_id || '-1', fen, 'platform', 'granted', due_at, due_at
    FROM closed
),
sending AS (
    INSERT INTO outbox (shop_id, case_id, seq, marketplace_id, kind, body)
    SELECT
        shop_id, case_id, version + 2, marketplace_id, 'payment.instructed',
        convert_to(${sent_body}, 'UTF8')
    FROM closed
)
SELECT count(*) FROM due
