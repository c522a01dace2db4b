SELECT media_type, clean_digest, clean_media_type FROM evidence_blob
WHERE shop_id = %(shop_id)s AND digest = %(digest)s
