-- The row is locked before (lock_blob): this statement sees what was recorded while that waited.
DELETE FROM evidence_blob AS b
WHERE b.shop_id = %(shop_id)s AND b.digest = %(digest)s
AND NOT EXISTS (
    SELECT 1 FROM evidence_use AS u WHERE b.shop_id = u.shop_id AND b.digest = u.digest
)
RETURNING b.clean_digest
