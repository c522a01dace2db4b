SELECT amount_fen FROM deposit_movement
WHERE shop_id = %(shop_id)s AND external_ref = %(external_ref)s
