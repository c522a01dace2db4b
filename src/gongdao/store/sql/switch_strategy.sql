UPDATE shop_strategy SET is_on = %(on)s, switched_by = %(by)s, switched_at = clock_timestamp()
WHERE shop_id = %(shop_id)s AND name = %(name)s AND version = %(version)s
