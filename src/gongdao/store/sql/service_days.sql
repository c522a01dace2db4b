-- A conversation counts on the day of its first question, for whoever answered it first. The wait
-- runs from when a person was given the conversation, else from the question.
WITH touched AS (
    SELECT DISTINCT shop_id, session_id FROM message
    WHERE
        shop_id = ANY(%(shop_id)s::text []) AND direction = 'buyer'
        AND at >= %(since)s::timestamptz AND at < %(until)s::timestamptz
),
asked AS (
    SELECT m.shop_id, m.session_id, min(m.at) AS asked_at
    FROM message AS m
    INNER JOIN touched AS t ON m.shop_id = t.shop_id AND m.session_id = t.session_id
    WHERE m.direction = 'buyer'
    GROUP BY m.shop_id, m.session_id
    HAVING min(m.at) >= %(since)s::timestamptz AND min(m.at) < %(until)s::timestamptz
),
waiting AS (
    SELECT
        a.shop_id, a.session_id, a.asked_at, given.agent_id AS given_to,
        greatest(a.asked_at, given.at) AS waits_from
    FROM asked AS a
    LEFT JOIN LATERAL (
        SELECT m.agent_id, m.at FROM message AS m
        WHERE
            m.shop_id = a.shop_id AND m.session_id = a.session_id AND m.direction = 'assigned'
        ORDER BY m.at, m.message_id LIMIT 1
    ) AS given ON TRUE
),
answered AS (
    SELECT
        w.shop_id, w.session_id, w.asked_at, reply.at AS replied_at,
        coalesce(reply.agent_id, w.given_to, '') AS agent_id,
        reply.at - w.waits_from AS wait
    FROM waiting AS w
    LEFT JOIN LATERAL (
        SELECT m.agent_id, m.at FROM message AS m
        WHERE
            m.shop_id = w.shop_id AND m.session_id = w.session_id AND m.direction = 'agent'
            AND m.at >= w.waits_from
        ORDER BY m.at, m.message_id LIMIT 1
    ) AS reply ON TRUE
)
SELECT
    a.shop_id, a.agent_id, (a.asked_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    count(*)::bigint,
    count(a.replied_at)::bigint,
    (count(*) FILTER (WHERE a.wait <= '5 seconds'))::bigint,
    (count(*) FILTER (WHERE a.wait <= '30 seconds'))::bigint,
    (count(*) FILTER (WHERE a.wait <= '3 minutes'))::bigint,
    coalesce(floor(extract(EPOCH FROM sum(a.wait))), 0)::bigint,
    coalesce(sum(said.count), 0)::bigint
FROM answered AS a
LEFT JOIN LATERAL (
    SELECT count(*) AS count FROM message AS m
    WHERE
        m.shop_id = a.shop_id AND m.session_id = a.session_id AND m.direction = 'agent'
        AND m.agent_id IS NOT DISTINCT FROM a.agent_id
) AS said ON TRUE
GROUP BY a.shop_id, a.agent_id, day
ORDER BY day, a.shop_id, a.agent_id
