SELECT marketplace_id FROM shop WHERE id = %(shop_id)s FOR UPDATE
