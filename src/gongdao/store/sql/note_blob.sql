INSERT INTO evidence_blob (shop_id, digest, media_type, size_bytes)
VALUES (%(shop_id)s, %(digest)s, %(media_type)s, %(size_bytes)s)
ON CONFLICT (shop_id, digest) DO NOTHING
