-- Endpoints of these marketplaces; for a merchant (shops given) only those of his shops.
SELECT
    e.id, e.marketplace_id, e.shop_id, e.url, e.kinds, e.created_at, e.disabled_at,
    count(d.id) FILTER (WHERE d.delivered_at IS NULL AND d.dead_at IS NULL),
    count(d.id) FILTER (WHERE d.dead_at IS NOT NULL)
FROM webhook_endpoint AS e
LEFT JOIN webhook_delivery AS d ON e.id = d.endpoint_id AND d.delivered_at IS NULL
WHERE
    e.marketplace_id = ANY(%(marketplace_ids)s::text[])
    AND (%(shop_ids)s::text[] IS NULL OR e.shop_id = ANY(%(shop_ids)s::text[]))
GROUP BY e.id
ORDER BY e.created_at, e.id
