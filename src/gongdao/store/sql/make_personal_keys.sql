-- A key that was erased is made anew when its person writes again; what it opened stays closed.
INSERT INTO personal_key (shop_id, order_id, subject, marketplace_id, key)
SELECT n.shop_id, n.order_id, n.subject, %(marketplace_id)s, n.key
FROM unnest(
    %(shop_id)s::text [], %(order_id)s::text [], %(subject)s::text [], %(key)s::bytea []
) AS n (shop_id, order_id, subject, key)
ON CONFLICT (shop_id, order_id, subject) DO UPDATE SET
    key = coalesce(personal_key.key, CASE WHEN %(anew)s::bool THEN excluded.key END)
RETURNING shop_id, order_id, subject, key
