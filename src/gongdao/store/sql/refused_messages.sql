-- Told otherwise than before, or of another marketplace's shop. A text without its key is not
-- compared: it was erased.
SELECT
    n.shop_id, n.message_id,
    CASE WHEN m.message_id IS NULL THEN 'message.shop_elsewhere' ELSE 'message.changed' END
FROM unnest(
    %(shop_id)s::text [], %(message_id)s::text [], %(session_id)s::text [], %(buyer_id)s::text [],
    %(order_id)s::text [], %(direction)s::text [], %(agent_id)s::text [],
    %(at)s::timestamptz [], %(text)s::text []
) AS n (
    shop_id, message_id, session_id, buyer_id, order_id, direction, agent_id, at, text
)
LEFT JOIN message AS m
    ON
        n.shop_id = m.shop_id AND n.message_id = m.message_id
        AND m.marketplace_id = %(marketplace_id)s
WHERE
    m.message_id IS NULL
    OR (m.session_id, m.buyer_id, m.direction, m.at) <> (n.session_id, n.buyer_id, n.direction, n.at)
    OR m.order_id IS DISTINCT FROM n.order_id
    OR m.agent_id IS DISTINCT FROM n.agent_id
    OR (m.text <> n.text AND n.text <> '')
