UPDATE shop_strategy SET tried_at = clock_timestamp()
WHERE shop_id = %(shop_id)s AND name = %(name)s AND version = %(version)s
