-- The peer: every due clock fired by one set-based statement that knows only the two acts which the
-- market measured on needs. It writes the same rows as the worker, byte for byte.
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
        to_char(due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS since
    FROM due WHERE name = 'merchant_reply'
),
reasoned AS (
    SELECT
        agreeing.*,
        '用户须在 7 天内填写退货单号，逾期结束：7 天，自 ' || since || ' 起（KS-AS-11）' AS zh,
        'the user must enter the tracking number within 7 d; then the return ends: 7 days from '
        || since || ' (Beijing) (KS-AS-11)' AS en
    FROM agreeing
),
timed AS (
    SELECT
        reasoned.*,
        '[{"track":"after_sale","name":"tracking","action":"expire","due_at":"'
        || to_char(next_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        || '","reason":{"zh":"' || zh || '","en":"' || en
        || '"},"cite":["KS-AS-11"],"paused_left_seconds":null}]' AS timers
    FROM reasoned
),
agreed AS MATERIALIZED (
    SELECT
        timed.*,
        convert_to(
            '{"kind":"acted","schema":1,"event":{"at":"' || at
            || '","by":"clock","actor":"clock","track":"after_sale","action":"agree",'
            || '"from_state":"awaiting_merchant","to_state":"awaiting_return","payload":{},'
            || '"goods":null,"arbitration":null,"timers":' || timers
            || ',"keeps_clocks":false,"due_at":"' || at || '","cite":["KS-AS-08","KS-AS-09"]}}',
            'UTF8'
        ) AS body,
        convert_to(
            replace(head, '"version":' || version || ',', '"version":' || version + 1 || ',')
            || '"tracks":{"after_sale":{"rulebook":"kuaishou/after-sale@2024-01-03",'
            || '"process":"return_refund_online","state":"awaiting_return","entered_at":"' || at
            || '"}},"timers":' || timers
            || ',"goods":"with_buyer","money":"none","arbitration":"none",' || tail, 'UTF8'
        ) AS snapshot
    FROM timed
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
granting AS (
    SELECT
        refunding.*,
        '[{"giver":"merchant","taker":"buyer","amount_fen":' || fen || ',"purpose":"goods"}]'
            AS transfers
    FROM refunding
),
closing AS (
    SELECT
        granting.*,
        '{"number":1,"transfers":' || transfers || ',"channel":"platform","state":"granted",'
        || '"cite":["KS-AS-12","KS-AS-13","KS-AS-14"],"external_ref":null}' AS given,
        convert_to(
            '{"kind":"acted","schema":1,"event":{"at":"' || at
            || '","by":"clock","actor":"clock","track":"after_sale","action":"confirm_receipt",'
            || '"from_state":"returning","to_state":"returned_refunded","payload":{},'
            || '"goods":"returned","arbitration":null,"timers":[],"keeps_clocks":false,"due_at":"'
            || at || '","cite":["KS-AS-12","KS-AS-13","KS-AS-14"]}}', 'UTF8'
        ) AS body_1,
        convert_to(
            '{"kind":"closed","schema":1,"event":{"at":"' || at
            || '","outcome":"returned_refunded"}}', 'UTF8'
        ) AS body_3
    FROM granting
),
chained_1 AS (
    SELECT
        closing.*, sha256(head_hash || body_1) AS hash_1,
        convert_to(
            '{"kind":"money_granted","schema":1,"event":{"at":"' || at || '","grant":' || given
            || '}}', 'UTF8'
        ) AS body_2
    FROM closing
),
chained_2 AS (SELECT chained_1.*, sha256(hash_1 || body_2) AS hash_2 FROM chained_1),
closed AS MATERIALIZED (
    SELECT
        chained_2.*, sha256(hash_2 || body_3) AS hash_3,
        convert_to(
            replace(head, '"version":' || version || ',', '"version":' || version + 3 || ',')
            || '"tracks":{"after_sale":{"rulebook":"kuaishou/after-sale@2024-01-03",'
            || '"process":"return_refund_online","state":"returned_refunded","entered_at":"' || at
            || '"}},"timers":[],"goods":"returned","money":"granted","arbitration":"none",'
            || replace(
                replace(tail, '"grants":[]', '"grants":[' || given || ']'),
                '"outcome":null,"closed_at":null',
                '"outcome":"returned_refunded","closed_at":"' || at || '"'
            ), 'UTF8'
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
        convert_to(
            '{"reference":"' || case_id || '-1","case_id":"' || case_id || '","shop_id":"'
            || shop_id || '","order_id":"' || order_id || '","buyer_id":"' || buyer_id
            || '","number":1,"amount_fen":' || fen || ',"transfers":' || transfers || '}', 'UTF8'
        )
    FROM closed
)
SELECT count(*) FROM due
