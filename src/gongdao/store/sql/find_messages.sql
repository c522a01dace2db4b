SELECT
    m.shop_id, m.message_id, m.session_id, m.buyer_id, m.direction, m.at, m.text, m.agent_id,
    m.order_id
FROM message AS m
WHERE m.shop_id = %(shop_id)s AND m.message_id = ANY(%(message_id)s::text [])
ORDER BY m.at, m.message_id
