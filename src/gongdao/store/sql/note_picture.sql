INSERT INTO evidence_picture (
    shop_id, digest, marketplace_id, clean_digest, clean_media_type, hash, quality, bands
)
VALUES (
    %(shop_id)s, %(digest)s, %(marketplace_id)s, %(clean_digest)s, %(clean_media_type)s,
    %(hash)s::text::bit(256), %(quality)s, %(bands)s::int[]
)
ON CONFLICT (shop_id, digest) DO NOTHING
