UPDATE shop_strategy SET is_on = false
WHERE shop_id = %(shop_id)s AND name = %(name)s AND is_on
