DELETE FROM evidence_picture WHERE shop_id = %(shop_id)s AND digest = %(digest)s
