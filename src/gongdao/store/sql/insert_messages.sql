-- New messages of shops of this marketplace; one told twice in a batch counts once.
INSERT INTO message (
    shop_id, message_id, marketplace_id, session_id, buyer_id, order_id, direction, agent_id, at,
    text
)
SELECT
    n.shop_id, n.message_id, s.marketplace_id, n.session_id, n.buyer_id, n.order_id, n.direction,
    n.agent_id, n.at, n.text
FROM unnest(
    %(shop_id)s::text [], %(message_id)s::text [], %(session_id)s::text [], %(buyer_id)s::text [],
    %(order_id)s::text [], %(direction)s::text [], %(agent_id)s::text [],
    %(at)s::timestamptz [], %(text)s::text []
) AS n (
    shop_id, message_id, session_id, buyer_id, order_id, direction, agent_id, at, text
)
INNER JOIN shop AS s ON n.shop_id = s.id AND s.marketplace_id = %(marketplace_id)s
ON CONFLICT (shop_id, message_id) DO NOTHING
