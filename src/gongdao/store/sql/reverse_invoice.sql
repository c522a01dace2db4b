UPDATE invoice SET reversed_fen = reversed_fen + %(amount_fen)s
WHERE shop_id = %(shop_id)s AND id = %(id)s
