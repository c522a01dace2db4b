SELECT 1 FROM evidence_blob
WHERE shop_id = %(shop_id)s AND digest = %(digest)s
FOR UPDATE
