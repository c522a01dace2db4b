INSERT INTO evidence_picture (shop_id, digest, marketplace_id, hash, quality, bands)
VALUES (
    %(shop_id)s, %(digest)s, %(marketplace_id)s,
    %(hash)s::text::bit(256), %(quality)s, %(bands)s::int[]
)
ON CONFLICT (shop_id, digest) DO NOTHING
