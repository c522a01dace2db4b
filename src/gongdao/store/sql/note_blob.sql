INSERT INTO evidence_blob AS b (
    shop_id, digest, media_type, size_bytes, clean_digest, clean_media_type
)
VALUES (
    %(shop_id)s, %(digest)s, %(media_type)s, %(size_bytes)s, %(clean_digest)s, %(clean_media_type)s
)
ON CONFLICT (shop_id, digest) DO UPDATE
SET
    stored_at = now(),
    clean_digest = coalesce(b.clean_digest, excluded.clean_digest),
    clean_media_type = coalesce(b.clean_media_type, excluded.clean_media_type)
