INSERT INTO membership (user_id, role, marketplace_id, shop_id, buyer_id)
VALUES (%(user_id)s, %(role)s, %(marketplace_id)s, %(shop_id)s, %(buyer_id)s)
ON CONFLICT DO NOTHING
